package io.vethtrace.daemon.diagnose.route;

import static io.vethtrace.daemon.diagnose.RouterScene.FORWARDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import org.junit.jupiter.api.Test;

class RouteLookupFailedTest {
  private static final int EACCES = 13;
  private static final TestDevice NO_DEVICE = new TestDevice(RouterScene.NETNS, 0, "", 0);
  private static final long LOOKED_UP_MS = 1000;

  private static OneNetnsScene lookedUp(int result, RouterScene router) {
    return new OneNetnsScene(TestKernel.V7_3)
        .knows(router.facts())
        .happens(
            TracedSkb.of(
                    Packets.ip4(
                        RouterScene.CLIENT, RouterScene.SERVER, Packets.ICMP, 0, 0, new byte[0]))
                .atMs(LOOKED_UP_MS)
                .lookedUp(NO_DEVICE, result));
  }

  @Test
  void a_look_up_that_failed_for_good_is_a_fault_without_a_packet() {
    RouteQuery query = FORWARDED;
    Finding finding =
        lookedUp(
                -EACCES,
                new RouterScene()
                    .refuses(new RouteQuery(query.destination(), query.source(), 0, 0, 0), EACCES))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.PROHIBITED_ROUTE);
    assertThat(finding.hook()).isEqualTo("fib_table_lookup");
    assertThat(finding.returnValue()).hasValue(-EACCES);
  }

  @Test
  void one_table_that_does_not_know_a_destination_is_no_fault() {
    RouteQuery query = FORWARDED;

    assertThat(
            lookedUp(
                    -11,
                    new RouterScene()
                        .routes(new RouteQuery(query.destination(), query.source(), 0, 0, 0)))
                .findings())
        .isEmpty();
  }

  /** A datagram by IPv6 that is answered, sent this long after a look-up that is refused. */
  private static OneNetnsScene alsoByV6(long laterMs) {
    RouteQuery query = FORWARDED;
    byte[] ports = {0, 1, 0, 7, 0, 8, 0, 0};
    byte[] back = {0, 7, 0, 1, 0, 8, 0, 0};
    TestDevice outside = TestDevice.up(9, 4, "veth9");
    TestDevice inside = TestDevice.up(RouterScene.NETNS, 4, "veth8");
    OneNetnsScene scene =
        lookedUp(
            -EACCES,
            new RouterScene()
                .refuses(new RouteQuery(query.destination(), query.source(), 0, 0, 0), EACCES));
    return scene.happens(
        TracedSkb.of(Packets.ip6("fd00::1", "fd00::2", 17, 64, ports))
            .atMs(LOOKED_UP_MS + laterMs)
            .across(inside, outside),
        TracedSkb.of(Packets.ip6("fd00::2", "fd00::1", 17, 64, back))
            .atMs(LOOKED_UP_MS + laterMs + 1)
            .across(outside, inside));
  }

  @Test
  void a_look_up_is_no_fault_where_the_other_ip_version_is_tried_next_and_answered() {
    assertThat(alsoByV6(10).findings()).isEmpty();
  }

  @Test
  void what_the_other_ip_version_carries_besides_excuses_no_look_up() {
    assertThat(alsoByV6(-500).finding().cause()).isEqualTo(Cause.PROHIBITED_ROUTE);
    assertThat(alsoByV6(5000).finding().cause()).isEqualTo(Cause.PROHIBITED_ROUTE);
  }
}
