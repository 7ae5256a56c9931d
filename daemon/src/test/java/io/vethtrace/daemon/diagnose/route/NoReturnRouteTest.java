package io.vethtrace.daemon.diagnose.route;

import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoReturnRouteTest {
  private static final int ENETUNREACH = 101;

  @Test
  void a_reply_without_a_route_is_inferred_from_silence() {
    RouteQuery reply =
        new RouteQuery(ip(RouterScene.CLIENT), Optional.of(ip(RouterScene.SERVER)), 0, 0, 0);
    Finding finding =
        new RouterScene()
            .owns(RouterScene.SERVER)
            .refuses(reply, ENETUNREACH)
            .delivers(RouterScene.echo(64))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.NO_ROUTE);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router ip route add 10.0.1.2/32 dev left");
  }
}
