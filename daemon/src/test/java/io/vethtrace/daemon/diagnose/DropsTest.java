package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.trace.Hook;
import org.junit.jupiter.api.Test;

/** Drops that no rule knows, and frees that are none. */
class DropsTest {
  @Test
  void a_drop_without_a_rule_is_told_in_the_kernels_words() {
    Scene scene = new Scene(Kernel.V6_1);
    Finding finding = scene.happens(scene.dropped(1000, "PKT_TOO_SMALL", "ip_rcv_core")).finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.dropReason()).isEqualTo("PKT_TOO_SMALL");
    assertThat(finding.title())
        .isEqualTo("the kernel dropped a packet on veth1 in ip_rcv_core: PKT_TOO_SMALL");
    assertThat(finding.packets()).isEqualTo(1);
  }

  @Test
  void a_reason_and_a_place_without_a_name_stay_numbers() {
    Skb skb =
        Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2)).dropped(Scene.VETH1, 77, 0x00007f0000001234L);
    Finding finding = new Scene(Kernel.V6_1).happens(skb).finding();

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
    Skb skb =
        Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2))
            .droppedWithoutReason(Scene.VETH1, Kernel.place(place));
    return new Scene(Kernel.V5_10).happens(skb).finding();
  }

  @Test
  void a_drop_in_a_flow_that_was_answered_is_no_fault() {
    Scene scene = new Scene(Kernel.V6_1);
    Skb answer = Skb.of(Packets.udp(Scene.B, 53, Scene.A, 1000)).through(Scene.LO);
    scene.happens(scene.dropped(1000, "NETFILTER_DROP", "nf_hook_slow"), answer);
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_healthy_ping_has_no_finding_on_any_kernel() {
    for (Kernel kernel : new Kernel[] {Kernel.V5_10, Kernel.V6_1, Kernel.V7_3}) {
      for (String place : new String[] {"icmp_rcv", "ping_rcv"}) {
        assertThat(new Scene(kernel).healthyPing(place).findings())
            .as("%s at %s", kernel.version(), place)
            .isEmpty();
      }
    }
    assertThat(new Scene(Kernel.TRACEPOINTS_ONLY).healthyPing("icmp_rcv").findings()).isEmpty();
  }

  @Test
  void a_reply_that_icmp_rcv_refuses_for_a_reason_was_not_delivered() {
    Skb corrupt =
        Skb.of(Packets.echoReply(Scene.B, Scene.A, 9, 1))
            .through(Scene.LO)
            .dropped(Scene.LO, Kernel.V7_3.reason("ICMP_CSUM"), Kernel.place("icmp_rcv"));
    Finding finding = new Scene(Kernel.V7_3).happens(Scene.echo(1), corrupt).finding();

    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.dropReason()).isEqualTo("ICMP_CSUM");
  }

  @Test
  void reasons_below_not_specified_are_no_drops() {
    Skb freed = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2)).dropped(Scene.VETH1, 1, 0);
    assertThat(new Scene(Kernel.V6_1).happens(freed).findings()).isEmpty();
  }

  @Test
  void what_a_packet_socket_has_no_room_for_is_no_drop_on_any_kernel() {
    for (String place : new String[] {"packet_rcv", "tpacket_rcv"}) {
      Skb echo = Skb.of(Packets.echo(Scene.A, Scene.B, 9, 1));
      Skb clone = echo.cloned().droppedWithoutReason(Scene.VETH0, Kernel.place(place));
      assertThat(new Scene(Kernel.V5_10).happens(clone).findings())
          .extracting(Finding::cause)
          .containsExactly(Cause.UNKNOWN); // unanswered, but not dropped
      Skb datagram = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2));
      Skb early = datagram.cloned().dropped(Scene.VETH0, 2, Kernel.place(place));
      assertThat(new Scene(Kernel.V6_1).happens(early).findings()).isEmpty();
    }
    int reason = Kernel.V7_3.reason("PACKET_SOCK_ERROR");
    Skb named = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2)).dropped(Scene.VETH0, reason, 0);
    assertThat(new Scene(Kernel.V7_3).happens(named).findings()).isEmpty();
  }

  @Test
  void what_a_packet_socket_had_not_read_when_it_closed_is_no_drop() {
    long place = Kernel.place("skb_queue_purge");
    Skb unread = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2)).dropped(Dev.NONE, 2, place);
    assertThat(new Scene(Kernel.V6_1).happens(unread).findings()).isEmpty();
    Skb queued = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2)).dropped(Scene.VETH1, 2, place);
    assertThat(new Scene(Kernel.V6_1).happens(queued).finding().cause())
        .isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void the_noise_of_ipv6_is_no_finding() {
    long place = Kernel.place("ip6_mc_input");
    Skb solicitation = Skb.of(Packets.routerSolicitation()).across(Scene.VETH0, Scene.VETH1);
    Skb report = Skb.of(Packets.mldReport()).across(Scene.VETH0, Scene.VETH1);
    Scene scene =
        new Scene(Kernel.V6_1)
            .happens(
                solicitation.dropped(Scene.VETH1, 2, place), report.dropped(Scene.VETH1, 2, place));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void an_echo_that_was_last_seen_alive_is_unanswered_for_no_known_reason() {
    Finding finding = new Scene(Kernel.V6_1).happens(Scene.echo(1)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.explanation()).contains("last seen at consume_skb on veth1");
  }

  @Test
  void a_datagram_without_an_answer_is_no_fault() {
    Skb datagram = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 2)).across(Scene.VETH0, Scene.VETH1);
    assertThat(new Scene(Kernel.V6_1).happens(datagram).findings()).isEmpty();
  }

  @Test
  void a_reply_in_another_namespace_than_the_requests_is_no_answer() {
    Skb lost =
        Skb.of(Packets.echoReply(Scene.B, Scene.A, 9, 1))
            .at(Hook.VETH_XMIT, Scene.VETH1)
            .at(Hook.NETIF_RX, Dev.up(555, 9, "stray"));
    Finding finding = new Scene(Kernel.V6_1).happens(Scene.echo(1), lost).finding();
    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.explanation()).contains("on stray");
  }
}
