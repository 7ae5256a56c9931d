package io.vethtrace.daemon.diagnose.route;

import static io.vethtrace.daemon.diagnose.RouterScene.FORWARDED;
import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.kernel.route.IpPrefix;
import io.vethtrace.daemon.kernel.route.IpRule;
import io.vethtrace.daemon.kernel.route.Route;
import io.vethtrace.daemon.kernel.route.RouteType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DropWithoutRouteTest {
  private static final int EINVAL = 22;
  private static final int ENETUNREACH = 101;

  private static Route route(RouteType type, String address, int bits, int table) {
    return new Route(table, new IpPrefix(ip(address), bits), type, OptionalInt.empty());
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(
        Cause.NO_ROUTE,
        new RouterScene().refuses(RouterScene.FORWARDED, ENETUNREACH).dropsEcho("ip_error"),
        Cause.BLACKHOLE_ROUTE,
        new RouterScene().refuses(RouterScene.FORWARDED, EINVAL).dropsEcho("ip_error"),
        Cause.UNREACHABLE_ROUTE,
        new RouterScene().refuses(RouterScene.FORWARDED, 113).dropsEcho("ip_error"),
        Cause.PROHIBITED_ROUTE,
        new RouterScene().refuses(RouterScene.FORWARDED, 13).dropsEcho("ip_error"));
  }

  @Test
  void a_blackhole_route_is_deleted() {
    Finding finding =
        new RouterScene()
            .refuses(FORWARDED, EINVAL)
            .has(route(RouteType.UNICAST, "10.0.2.0", 24, 254))
            .has(route(RouteType.BLACKHOLE, "10.0.2.0", 25, 254))
            .dropsEcho("ip_error")
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.BLACKHOLE_ROUTE);
    assertThat(finding.hook()).isEqualTo("kfree_skb");
    assertThat(finding.place().ifname()).isEqualTo("left");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router ip route del blackhole 10.0.2.0/25");
  }

  @Test
  void a_table_that_a_rule_asks_first_is_named_in_the_command() {
    Finding finding =
        new RouterScene()
            .refuses(FORWARDED, EINVAL)
            .has(RouterScene.lookUp(100, 100))
            .has(route(RouteType.UNICAST, "10.0.2.0", 24, 254))
            .has(route(RouteType.BLACKHOLE, "10.0.2.2", 32, 100))
            .dropsEcho("ip_error")
            .finding();

    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router ip route del blackhole 10.0.2.2/32 table 100");
  }

  @Test
  void a_rule_that_refuses_is_told_from_a_route_that_is_missing() {
    IpRule unreachable =
        new IpRule(
            false,
            100,
            IpRule.Action.UNREACHABLE,
            0,
            Optional.of(new IpPrefix(ip("10.0.1.0"), 24)),
            Optional.empty(),
            "",
            "",
            0,
            0,
            false);
    Finding finding =
        new RouterScene()
            .refuses(FORWARDED, ENETUNREACH)
            .has(unreachable)
            .dropsEcho("ip_error")
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.UNREACHABLE_ROUTE);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router ip rule del priority 100 from 10.0.1.0/24");
  }

  @Test
  void a_drop_where_the_kernel_now_has_a_way_is_another_one() {
    Finding finding = new RouterScene().routes(FORWARDED).dropsEcho("ip_error").finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
  }
}
