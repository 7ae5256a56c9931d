package io.vethtrace.daemon.diagnose.unexplained;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Hook;
import org.junit.jupiter.api.Test;

/** Drops that no rule knows, and frees that are none. */
class DropsTest {
  @Test
  void a_drop_without_a_rule_is_told_in_the_kernels_words() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    Finding finding = scene.happens(scene.dropped(1000, "PKT_TOO_SMALL", "ip_rcv_core")).finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.dropReason()).isEqualTo("PKT_TOO_SMALL");
    assertThat(finding.title())
        .isEqualTo("the kernel dropped a packet on veth1 in ip_rcv_core: PKT_TOO_SMALL");
    assertThat(finding.packets()).isEqualTo(1);
  }

  @Test
  void a_reason_and_a_place_without_a_name_stay_numbers() {
    TracedSkb skb =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH1, 77, 0x00007f0000001234L);
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(skb).finding();

    assertThat(finding.dropReason()).isEqualTo("77");
    assertThat(finding.title()).contains("in 0x00007f0000001234: 77");
  }

  @Test
  void a_kernel_without_reasons_gives_the_place_and_the_reason_that_it_stands_for() {
    assertThat(droppedWithoutReason("nf_hook_slow").dropReason()).isEqualTo("NETFILTER_DROP");
    Finding ambiguous = droppedWithoutReason("ip_rcv_finish_core");
    assertThat(ambiguous.dropReason()).isEmpty();
    assertThat(ambiguous.title())
        .isEqualTo("the kernel dropped a packet on veth1 in ip_rcv_finish_core");
  }

  private static Finding droppedWithoutReason(String place) {
    TracedSkb skb =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .droppedWithoutReason(OneNetnsScene.VETH1, TestKernel.place(place));
    return new OneNetnsScene(TestKernel.V5_10).happens(skb).finding();
  }

  @Test
  void a_drop_in_a_flow_that_was_answered_is_no_fault() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    TracedSkb answer =
        TracedSkb.of(Packets.udp(OneNetnsScene.B, 53, OneNetnsScene.A, 1000))
            .through(OneNetnsScene.LO);
    scene.happens(scene.dropped(1000, "NETFILTER_DROP", "nf_hook_slow"), answer);
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_healthy_ping_has_no_finding_on_any_kernel() {
    for (TestKernel kernel :
        new TestKernel[] {TestKernel.V5_10, TestKernel.V6_1, TestKernel.V7_3}) {
      for (String place : new String[] {"icmp_rcv", "ping_rcv"}) {
        assertThat(new OneNetnsScene(kernel).healthyPing(place).findings())
            .as("%s at %s", kernel.version(), place)
            .isEmpty();
      }
    }
    assertThat(new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY).healthyPing("icmp_rcv").findings())
        .isEmpty();
  }

  @Test
  void a_reply_that_icmp_rcv_refuses_for_a_reason_was_not_delivered() {
    TracedSkb corrupt =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .through(OneNetnsScene.LO)
            .dropped(
                OneNetnsScene.LO,
                TestKernel.V7_3.reason("ICMP_CSUM"),
                TestKernel.place("icmp_rcv"));
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3).happens(OneNetnsScene.echo(1), corrupt).finding();

    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.dropReason()).isEqualTo("ICMP_CSUM");
  }

  @Test
  void reasons_below_not_specified_are_no_drops() {
    TracedSkb freed =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH1, 1, 0);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(freed).findings()).isEmpty();
  }

  @Test
  void what_a_packet_socket_has_no_room_for_is_no_drop_on_any_kernel() {
    for (String place : new String[] {"packet_rcv", "tpacket_rcv"}) {
      TracedSkb echo = TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
      TracedSkb clone =
          echo.cloned().droppedWithoutReason(OneNetnsScene.VETH0, TestKernel.place(place));
      assertThat(new OneNetnsScene(TestKernel.V5_10).happens(clone).findings())
          .extracting(Finding::cause)
          .containsExactly(Cause.UNKNOWN); // unanswered, but not dropped
      TracedSkb datagram = TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2));
      TracedSkb early = datagram.cloned().dropped(OneNetnsScene.VETH0, 2, TestKernel.place(place));
      assertThat(new OneNetnsScene(TestKernel.V6_1).happens(early).findings()).isEmpty();
    }
    int reason = TestKernel.V7_3.reason("PACKET_SOCK_ERROR");
    TracedSkb named =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH0, reason, 0);
    assertThat(new OneNetnsScene(TestKernel.V7_3).happens(named).findings()).isEmpty();
  }

  @Test
  void what_a_packet_socket_had_not_read_when_it_closed_is_no_drop() {
    long place = TestKernel.place("skb_queue_purge");
    TracedSkb unread =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(TestDevice.NONE, 2, place);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(unread).findings()).isEmpty();
    TracedSkb queued =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH1, 2, place);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(queued).finding().cause())
        .isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void the_noise_of_ipv6_is_no_finding() {
    long place = TestKernel.place("ip6_mc_input");
    TracedSkb solicitation =
        TracedSkb.of(Packets.routerSolicitation()).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    TracedSkb report =
        TracedSkb.of(Packets.mldReport()).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(
                solicitation.dropped(OneNetnsScene.VETH1, 2, place),
                report.dropped(OneNetnsScene.VETH1, 2, place));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void an_echo_that_was_last_seen_alive_is_unanswered_for_no_known_reason() {
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.explanation()).contains("last seen at consume_skb on veth1");
  }

  @Test
  void a_datagram_without_an_answer_is_no_fault() {
    TracedSkb datagram =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(datagram).findings()).isEmpty();
  }

  @Test
  void a_reply_in_another_namespace_than_the_requests_is_no_answer() {
    TracedSkb lost =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .at(Hook.VETH_XMIT, OneNetnsScene.VETH1)
            .at(Hook.NETIF_RX, TestDevice.up(555, 9, "stray"));
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1), lost).finding();
    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.explanation()).contains("on stray");
  }
}
