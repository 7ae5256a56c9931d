package io.vethtrace.daemon.diagnose.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Packets that arrive, and that the receiver's IP or ICMP lets go of; and what only looks so. */
public class ArrivedTest {
  private static final TestDevice FAR = TestDevice.up(200, 3, "veth1");

  public static OneNetnsScene ignoringEchoes(OneNetnsScene scene) {
    return scene
        .details(Map.of("net.ipv4.icmp_echo_ignore_all", 1), SocketFacts.NONE)
        .happens(OneNetnsScene.echo(1));
  }

  /** An echo of IPv6 meets a device on which it is off. */
  public static OneNetnsScene withoutIpv6(OneNetnsScene scene) {
    Frame echo = Packets.ip6("fd00::1", "fd00::2", Packets.ICMP6, 64, Packets.icmp(128, 0, 9, 1));
    TracedSkb skb = TracedSkb.of(echo).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    return scene
        .details(Map.of("net.ipv6.conf.veth1.disable_ipv6", 1), SocketFacts.NONE)
        .happens(skb.dropped(OneNetnsScene.VETH1, 56, TestKernel.place("ip6_rcv_core")));
  }

  private static OneNetnsScene scene(TestKernel kernel, Map<String, Integer> sysctls) {
    return new OneNetnsScene(kernel)
        .knows(OneNetnsScene.netns(200, "veth", new SourceSettings(0, 0, 0, 0)))
        .details(sysctls, SocketFacts.NONE);
  }

  @Test
  void a_wrong_checksum_is_told_by_its_reason_with_where_it_was_right() {
    Frame right = Packets.summed(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
    Frame wrong = Packets.with(right, 10, 0x77);
    TracedSkb skb = TracedSkb.of(right).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1).as(wrong);
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3)
            .happens(skb.dropped(OneNetnsScene.VETH1, 14, TestKernel.place("ip_rcv_core")))
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
    Frame right = Packets.summed(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
    TracedSkb broken =
        TracedSkb.of(Packets.with(right, 10, 0x77))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    long place = TestKernel.place("ip_rcv_core");
    Finding finding =
        new OneNetnsScene(TestKernel.V5_10)
            .happens(broken.droppedWithoutReason(OneNetnsScene.VETH1, place))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains("it was wrong already at veth_xmit on veth0, where the packet was first seen");

    TracedSkb whole = TracedSkb.of(right).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    Finding other =
        new OneNetnsScene(TestKernel.V5_10)
            .happens(whole.droppedWithoutReason(OneNetnsScene.VETH1, place))
            .finding();
    assertThat(other.cause()).isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void an_echo_that_a_setting_ignores_is_cured_by_the_setting() {
    Finding finding = ignoringEchoes(new OneNetnsScene(TestKernel.V5_10)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.ECHO_IGNORED);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 sysctl -w net.ipv4.icmp_echo_ignore_all=0");
    assertThat(scene(TestKernel.V5_10, Map.of()).happens(OneNetnsScene.echo(1)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void an_echo_to_another_host_is_not_what_the_setting_is_about() {
    Map<String, Integer> on = Map.of("net.ipv4.icmp_echo_ignore_all", 1);
    TracedSkb passing =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, "10.9.9.9", 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    assertThat(scene(TestKernel.V5_10, on).happens(passing).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  private static Frame broadcast() {
    Frame frame = Packets.behindMac(Packets.echo(OneNetnsScene.A, "192.168.1.255", 9, 1));
    return Packets.with(frame, 0, 0xff);
  }

  @Test
  void a_broadcast_that_all_ignore_is_told_where_it_arrived_and_not_where_it_was_sent() {
    TracedSkb ownEcho =
        TracedSkb.of(broadcast())
            .at(Hook.NETIF_RX, OneNetnsScene.VETH0)
            .dropped(OneNetnsScene.VETH0, 84, TestKernel.place("icmp_rcv"));
    TracedSkb arrived =
        TracedSkb.of(broadcast())
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .dropped(OneNetnsScene.VETH1, 84, TestKernel.place("icmp_rcv"));
    OneNetnsScene scene = scene(TestKernel.V7_3, Map.of("net.ipv4.icmp_echo_ignore_broadcasts", 1));
    Finding finding = scene.happens(ownEcho, arrived).finding();

    assertThat(finding.cause()).isEqualTo(Cause.ECHO_IGNORED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    scene.happens(
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .across(OneNetnsScene.VETH1, OneNetnsScene.VETH0));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_device_without_ipv6_drops_it() {
    Finding finding = withoutIpv6(new OneNetnsScene(TestKernel.V7_3)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.PROTOCOL_DISABLED);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 sysctl -w net.ipv6.conf.veth1.disable_ipv6=0");
  }

  @Test
  void what_ipv6_says_by_itself_to_a_device_without_it_is_no_fault() {
    TracedSkb solicitation =
        TracedSkb.of(Packets.routerSolicitation()).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    OneNetnsScene scene =
        scene(TestKernel.V7_3, Map.of("net.ipv6.conf.veth1.disable_ipv6", 1))
            .happens(
                solicitation.dropped(OneNetnsScene.VETH1, 56, TestKernel.place("ip6_rcv_core")));
    assertThat(scene.findings()).isEmpty();
  }

  private static TracedSkb expired(Frame frame) {
    return TracedSkb.of(frame)
        .across(OneNetnsScene.VETH0, FAR)
        .dropped(FAR, 15, TestKernel.place("ip_forward"));
  }

  private static TracedSkb timeExceeded(Frame about) {
    Frame error = Packets.with(Packets.icmpError("192.168.1.9", OneNetnsScene.A, 11, about), 21, 0);
    return TracedSkb.of(error).across(FAR, OneNetnsScene.VETH0);
  }

  @Test
  void traceroute_that_reaches_its_target_has_nothing_to_find() {
    Frame near = Packets.udp(OneNetnsScene.A, 40000, "10.0.0.2", 33434);
    Frame far = Packets.udp(OneNetnsScene.A, 40001, "10.0.0.2", 33435);
    TracedSkb refused =
        TracedSkb.of(far)
            .across(OneNetnsScene.VETH0, FAR)
            .dropped(FAR, 3, TestKernel.place("__udp4_lib_rcv"));
    TracedSkb told =
        TracedSkb.of(Packets.portUnreachable("10.0.0.2", OneNetnsScene.A, far))
            .across(FAR, OneNetnsScene.VETH0);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3).happens(expired(near), timeExceeded(near));

    assertThat(scene.finding().dropReason()).isEqualTo("IP_INHDR");
    assertThat(scene.happens(refused, told).findings()).isEmpty();
  }

  @Test
  void pings_that_look_for_the_way_and_then_arrive_have_nothing_to_find() {
    Frame near = Packets.echo(OneNetnsScene.A, "10.0.0.2", 9, 1);
    TracedSkb far =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, "10.0.0.2", 9, 2))
            .across(OneNetnsScene.VETH0, FAR);
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply("10.0.0.2", OneNetnsScene.A, 9, 2))
            .across(FAR, OneNetnsScene.VETH0);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3).happens(expired(near), timeExceeded(near), far, reply);
    assertThat(scene.findings()).isEmpty();
  }
}
