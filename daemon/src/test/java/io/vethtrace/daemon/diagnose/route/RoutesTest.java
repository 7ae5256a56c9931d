package io.vethtrace.daemon.diagnose.route;

import static io.vethtrace.daemon.diagnose.RouterScene.FORWARDED;
import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.route.IpPrefix;
import io.vethtrace.daemon.kernel.route.PolicyRule;
import io.vethtrace.daemon.kernel.route.Route;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.kernel.route.RouteType;
import io.vethtrace.daemon.packet.Frame;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

public class RoutesTest {
  private static final int EACCES = 13;
  private static final int EINVAL = 22;
  private static final int ENETUNREACH = 101;
  private static final int EHOSTUNREACH = 113;
  private static final TestDevice NO_DEVICE = new TestDevice(RouterScene.NETNS, 0, "", 0);
  private static final long LOOKED_UP_MS = 1000;

  public static RouterScene notForwarding() {
    return new RouterScene()
        .set("net.ipv4.ip_forward", 0)
        .set("net.ipv4.conf.left.forwarding", 0)
        .refuses(FORWARDED, EHOSTUNREACH);
  }

  /** 1220 bytes with DF. */
  public static Frame big() {
    Frame frame =
        Packets.ip4(RouterScene.CLIENT, RouterScene.SERVER, Packets.ICMP, 1, 64, new byte[1200]);
    return Packets.with(Packets.with(frame, 6, 0x40), 20, 8);
  }

  public static Frame toLoopback() {
    return Packets.tcp(RouterScene.CLIENT, 4000, "127.0.0.1", 80);
  }

  private static Route route(RouteType type, String address, int bits, int table) {
    return new Route(table, new IpPrefix(ip(address), bits), type, OptionalInt.empty());
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
    PolicyRule unreachable =
        new PolicyRule(
            false,
            100,
            PolicyRule.Action.UNREACHABLE,
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
  void a_router_that_does_not_forward_is_made_one() {
    Finding finding = notForwarding().dropsEcho("ip_error").finding();

    assertThat(finding.cause()).isEqualTo(Cause.FORWARDING_DISABLED);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router sysctl -w net.ipv4.ip_forward=1");
  }

  @Test
  void one_device_that_does_not_forward_is_set_alone() {
    Finding finding = notForwarding().set("net.ipv4.ip_forward", 1).dropsEcho("ip_error").finding();

    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router sysctl -w net.ipv4.conf.left.forwarding=1");
  }

  @Test
  void a_drop_where_the_kernel_now_has_a_way_is_another_one() {
    Finding finding = new RouterScene().routes(FORWARDED).dropsEcho("ip_error").finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void a_packet_that_is_too_big_is_told_with_the_link_behind_the_router() {
    Finding finding = new RouterScene().routes(FORWARDED).drops(big(), "ip_forward").finding();

    assertThat(finding.cause()).isEqualTo(Cause.MTU_EXCEEDED);
    assertThat(finding.place().ifname()).isEqualTo("right");
  }

  @Test
  void a_packet_to_127_is_permitted_on_its_device() {
    Finding finding = new RouterScene().drops(toLoopback(), "ip_rcv_finish_core").finding();

    assertThat(finding.cause()).isEqualTo(Cause.LOCALNET);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router sysctl -w net.ipv4.conf.left.route_localnet=1");
  }

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
