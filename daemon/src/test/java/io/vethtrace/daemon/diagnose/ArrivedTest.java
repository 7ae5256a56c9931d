package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.kernel.SocketFacts;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Packets that arrive, and that the receiver's IP or ICMP lets go of; and what only looks so. */
class ArrivedTest {
  private static final Dev FAR = Dev.up(200, 3, "veth1");

  static Scene ignoringEchoes(Scene scene) {
    return scene
        .details(Map.of("net.ipv4.icmp_echo_ignore_all", 1), SocketFacts.NONE)
        .happens(Scene.echo(1));
  }

  /** An echo of IPv6 meets a device on which it is off. */
  static Scene withoutIpv6(Scene scene) {
    Frame echo = Packets.ip6("fd00::1", "fd00::2", Packets.ICMP6, 64, Packets.icmp(128, 0, 9, 1));
    Skb skb = Skb.of(echo).across(Scene.VETH0, Scene.VETH1);
    return scene
        .details(Map.of("net.ipv6.conf.veth1.disable_ipv6", 1), SocketFacts.NONE)
        .happens(skb.dropped(Scene.VETH1, 56, Kernel.place("ip6_rcv_core")));
  }

  private static Scene scene(Kernel kernel, Map<String, Integer> sysctls) {
    return new Scene(kernel)
        .knows(Scene.netns(200, "veth", new SourceSettings(0, 0, 0, 0)))
        .details(sysctls, SocketFacts.NONE);
  }

  @Test
  void a_wrong_checksum_is_told_by_its_reason_with_where_it_was_right() {
    Frame right = Packets.summed(Packets.echo(Scene.A, Scene.B, 9, 1));
    Frame wrong = Packets.with(right, 10, 0x77);
    Skb skb = Skb.of(right).across(Scene.VETH0, Scene.VETH1).as(wrong);
    Finding finding =
        new Scene(Kernel.V7_3)
            .happens(skb.dropped(Scene.VETH1, 14, Kernel.place("ip_rcv_core")))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.title())
        .isEqualTo("the checksum of the IP header is wrong in what veth1 received");
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "computed over the captured bytes, the checksum is wrong",
            "at netif_receive_skb on veth1 it was still right: it was changed after that");
  }

  @Test
  void without_reasons_the_sum_is_computed() {
    Frame right = Packets.summed(Packets.echo(Scene.A, Scene.B, 9, 1));
    Skb broken = Skb.of(Packets.with(right, 10, 0x77)).across(Scene.VETH0, Scene.VETH1);
    long place = Kernel.place("ip_rcv_core");
    Finding finding =
        new Scene(Kernel.V5_10).happens(broken.droppedWithoutReason(Scene.VETH1, place)).finding();
    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains("it was wrong already at veth_xmit on veth0, where the packet was first seen");

    Skb whole = Skb.of(right).across(Scene.VETH0, Scene.VETH1);
    Finding other =
        new Scene(Kernel.V5_10).happens(whole.droppedWithoutReason(Scene.VETH1, place)).finding();
    assertThat(other.cause()).isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void an_echo_that_a_setting_ignores_is_cured_by_the_setting() {
    Finding finding = ignoringEchoes(new Scene(Kernel.V5_10)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.ECHO_IGNORED);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 sysctl -w net.ipv4.icmp_echo_ignore_all=0");
    assertThat(scene(Kernel.V5_10, Map.of()).happens(Scene.echo(1)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void an_echo_to_another_host_is_not_what_the_setting_is_about() {
    Map<String, Integer> on = Map.of("net.ipv4.icmp_echo_ignore_all", 1);
    Skb passing = Skb.of(Packets.echo(Scene.A, "10.9.9.9", 9, 1)).across(Scene.VETH0, Scene.VETH1);
    assertThat(scene(Kernel.V5_10, on).happens(passing).finding().cause()).isEqualTo(Cause.UNKNOWN);
  }

  private static Frame broadcast() {
    Frame frame = Packets.behindMac(Packets.echo(Scene.A, "192.168.1.255", 9, 1));
    return Packets.with(frame, 0, 0xff);
  }

  @Test
  void a_broadcast_that_all_ignore_is_told_where_it_arrived_and_not_where_it_was_sent() {
    Skb ownEcho =
        Skb.of(broadcast())
            .at(Hook.NETIF_RX, Scene.VETH0)
            .dropped(Scene.VETH0, 84, Kernel.place("icmp_rcv"));
    Skb arrived =
        Skb.of(broadcast())
            .across(Scene.VETH0, Scene.VETH1)
            .dropped(Scene.VETH1, 84, Kernel.place("icmp_rcv"));
    Scene scene = scene(Kernel.V7_3, Map.of("net.ipv4.icmp_echo_ignore_broadcasts", 1));
    Finding finding = scene.happens(ownEcho, arrived).finding();

    assertThat(finding.cause()).isEqualTo(Cause.ECHO_IGNORED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    scene.happens(
        Skb.of(Packets.echoReply(Scene.B, Scene.A, 9, 1)).across(Scene.VETH1, Scene.VETH0));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_device_without_ipv6_drops_it() {
    Finding finding = withoutIpv6(new Scene(Kernel.V7_3)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.PROTOCOL_DISABLED);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 sysctl -w net.ipv6.conf.veth1.disable_ipv6=0");
  }

  @Test
  void what_ipv6_says_by_itself_to_a_device_without_it_is_no_fault() {
    Skb solicitation = Skb.of(Packets.routerSolicitation()).across(Scene.VETH0, Scene.VETH1);
    Scene scene =
        scene(Kernel.V7_3, Map.of("net.ipv6.conf.veth1.disable_ipv6", 1))
            .happens(solicitation.dropped(Scene.VETH1, 56, Kernel.place("ip6_rcv_core")));
    assertThat(scene.findings()).isEmpty();
  }

  private static Skb expired(Frame frame) {
    return Skb.of(frame).across(Scene.VETH0, FAR).dropped(FAR, 15, Kernel.place("ip_forward"));
  }

  private static Skb timeExceeded(Frame about) {
    Frame error = Packets.with(Packets.icmpError("192.168.1.9", Scene.A, 11, about), 21, 0);
    return Skb.of(error).across(FAR, Scene.VETH0);
  }

  @Test
  void traceroute_that_reaches_its_target_has_nothing_to_find() {
    Frame near = Packets.udp(Scene.A, 40000, "10.0.0.2", 33434);
    Frame far = Packets.udp(Scene.A, 40001, "10.0.0.2", 33435);
    Skb refused =
        Skb.of(far).across(Scene.VETH0, FAR).dropped(FAR, 3, Kernel.place("__udp4_lib_rcv"));
    Skb told = Skb.of(Packets.portUnreachable("10.0.0.2", Scene.A, far)).across(FAR, Scene.VETH0);
    Scene scene = new Scene(Kernel.V7_3).happens(expired(near), timeExceeded(near));

    assertThat(scene.finding().dropReason()).isEqualTo("IP_INHDR");
    assertThat(scene.happens(refused, told).findings()).isEmpty();
  }

  @Test
  void pings_that_look_for_the_way_and_then_arrive_have_nothing_to_find() {
    Frame near = Packets.echo(Scene.A, "10.0.0.2", 9, 1);
    Skb far = Skb.of(Packets.echo(Scene.A, "10.0.0.2", 9, 2)).across(Scene.VETH0, FAR);
    Skb reply = Skb.of(Packets.echoReply("10.0.0.2", Scene.A, 9, 2)).across(FAR, Scene.VETH0);
    Scene scene = new Scene(Kernel.V7_3).happens(expired(near), timeExceeded(near), far, reply);
    assertThat(scene.findings()).isEmpty();
  }
}
