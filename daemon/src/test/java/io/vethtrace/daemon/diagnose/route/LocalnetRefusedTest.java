package io.vethtrace.daemon.diagnose.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.packet.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class LocalnetRefusedTest {
  public static Frame toLoopback() {
    return Packets.tcp(RouterScene.CLIENT, 4000, "127.0.0.1", 80);
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.LOCALNET, new RouterScene().drops(toLoopback(), "ip_rcv_finish_core"));
  }

  @Test
  void a_packet_to_127_is_permitted_on_its_device() {
    Finding finding = new RouterScene().drops(toLoopback(), "ip_rcv_finish_core").finding();

    assertThat(finding.cause()).isEqualTo(Cause.LOCALNET);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router sysctl -w net.ipv4.conf.left.route_localnet=1");
  }
}
