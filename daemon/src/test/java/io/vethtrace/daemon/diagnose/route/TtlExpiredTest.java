package io.vethtrace.daemon.diagnose.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.packet.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TtlExpiredTest {
  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.TTL_EXPIRED, new RouterScene().drops(RouterScene.echo(1), "ip_forward"));
  }

  @Test
  void a_ttl_that_was_too_small_on_purpose_is_no_fault() {
    OneNetnsScene scene = new RouterScene().drops(RouterScene.echo(1), "ip_forward");
    assertThat(scene.finding().cause()).isEqualTo(Cause.TTL_EXPIRED);

    Frame next = Packets.echo(RouterScene.CLIENT, RouterScene.SERVER, 9, 2);
    Frame reply = Packets.echoReply(RouterScene.SERVER, RouterScene.CLIENT, 9, 2);
    scene.happens(
        TracedSkb.of(next).across(RouterScene.VETH0, RouterScene.LEFT).consumed(RouterScene.LEFT),
        TracedSkb.of(reply)
            .across(RouterScene.LEFT, RouterScene.VETH0)
            .consumed(RouterScene.VETH0));

    assertThat(scene.findings()).isEmpty();
  }
}
