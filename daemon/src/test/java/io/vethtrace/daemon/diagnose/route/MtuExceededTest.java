package io.vethtrace.daemon.diagnose.route;

import static io.vethtrace.daemon.diagnose.RouterScene.FORWARDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.packet.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class MtuExceededTest {
  /** 1220 bytes with DF. */
  public static Frame big() {
    Frame frame =
        Packets.ip4(RouterScene.CLIENT, RouterScene.SERVER, Packets.ICMP, 1, 64, new byte[1200]);
    return Packets.with(Packets.with(frame, 6, 0x40), 20, 8);
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(
        Cause.MTU_EXCEEDED,
        new RouterScene().routes(RouterScene.FORWARDED).drops(big(), "ip_forward"));
  }

  @Test
  void a_packet_that_is_too_big_is_told_with_the_link_behind_the_router() {
    Finding finding = new RouterScene().routes(FORWARDED).drops(big(), "ip_forward").finding();

    assertThat(finding.cause()).isEqualTo(Cause.MTU_EXCEEDED);
    assertThat(finding.place().ifname()).isEqualTo("right");
  }
}
