package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.trace.Hook;
import org.junit.jupiter.api.Test;

class NeighbourUnansweredTest {
  private static Skb askFor(String target) {
    return Skb.of(Packets.arpRequest(Scene.A, target))
        .across(Scene.VETH0, Scene.VETH1)
        .consumed(Scene.VETH1);
  }

  @Test
  void an_address_that_nobody_has_is_not_answered_for() {
    Finding finding = new Scene(Kernel.V6_1).happens(askFor("192.168.1.50")).finding();

    assertThat(finding.cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(finding.verdict()).isEqualTo(Verdict.UNANSWERED);
    assertThat(finding.title()).isEqualTo("nobody on veth0 answers for 192.168.1.50");
    assertThat(finding.explanation()).contains("reached veth1, where nobody has it");
    assertThat(finding.hook()).isEqualTo("veth_xmit");
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
  }

  @Test
  void an_ipv6_address_that_nobody_has_is_named_and_the_queued_packet_folded() {
    Dev veth0 = Dev.up(1, 2, "veth0");
    Dev veth1 = Dev.up(2, 2, "veth1");
    long reasonless = Kernel.V6_1.reason("NOT_SPECIFIED");
    Skb asked =
        Skb.of(Packets.neighbourSolicitation("fd00::1", "fd00::77"))
            .across(veth0, veth1)
            .dropped(veth1, (int) reasonless, Kernel.place("ip6_mc_input"));
    Skb died =
        Skb.of(Packets.ip6("fd00::1", "fd00::77", 58, 64, Packets.icmp(128, 0, 1, 1)))
            .atMs(3000)
            .dropped(veth0, (int) reasonless, Kernel.place("neigh_invalidate"));
    Finding finding = new Scene(Kernel.V6_1).happens(asked, died).finding();

    assertThat(finding.cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(finding.title()).isEqualTo("nobody on veth0 answers for fd00::77");
    assertThat(finding.explanation()).startsWith("Neighbour discovery asked for fd00::77");
    assertThat(finding.consequences()).hasSize(1);
  }

  @Test
  void neighbour_discovery_that_was_answered_is_no_finding_on_any_kernel() {
    Dev veth0 = Dev.up(1, 2, "veth0");
    Dev veth1 = Dev.up(2, 2, "veth1");
    long place = Kernel.place("icmpv6_rcv");
    Skb asked = Skb.of(Packets.neighbourSolicitation("fd00::1", "fd00::2")).across(veth0, veth1);
    Skb told = Skb.of(Packets.neighbourAdvertisement("fd00::1", "fd00::2")).across(veth1, veth0);
    assertThat(
            new Scene(Kernel.V5_10)
                .happens(
                    asked.droppedWithoutReason(veth1, place),
                    told.droppedWithoutReason(veth0, place))
                .findings())
        .isEmpty();
  }

  @Test
  void a_probe_whether_an_ipv6_address_is_free_expects_no_answer() {
    Dev veth0 = Dev.up(1, 2, "veth0");
    Skb probe = Skb.of(Packets.neighbourSolicitation("::", "fd00::1")).at(Hook.VETH_XMIT, veth0);
    assertThat(new Scene(Kernel.V6_1).happens(probe).findings()).isEmpty();
  }

  @Test
  void a_bystander_that_got_the_flooded_request_first_does_not_hide_its_owner() {
    Dev elsewhere = Dev.up(500, 2, "eth0");
    Skb bystander =
        Skb.of(Packets.arpRequest(Scene.A, Scene.B))
            .across(Scene.VETH0, elsewhere)
            .consumed(elsewhere);

    assertThat(new Scene(Kernel.V6_1).happens(bystander, askFor(Scene.B)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void a_reply_that_reached_only_the_bridge_is_no_answer() {
    Dev port = Dev.up(500, 7, "port0");
    Skb clone = Skb.of(Packets.echo(Scene.A, Scene.B, 9, 1)).atMs(1).across(port, Scene.VETH1);
    Skb reply = Skb.of(Packets.echoReply(Scene.B, Scene.A, 9, 1)).atMs(2).across(Scene.VETH1, port);
    Skb asked = Skb.of(Packets.echo(Scene.A, Scene.B, 9, 1)).across(Scene.VETH0, port);

    assertThat(new Scene(Kernel.V6_1).happens(asked, clone, reply).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void a_request_that_left_and_was_not_received_says_so() {
    Skb left = Skb.of(Packets.arpRequest(Scene.A, Scene.B)).at(Hook.VETH_XMIT, Scene.VETH0);
    assertThat(new Scene(Kernel.V6_1).happens(left).finding().explanation())
        .contains("No other end was seen");
  }

  @Test
  void silence_where_the_address_is_needs_another_reason() {
    assertThat(new Scene(Kernel.V6_1).happens(askFor(Scene.B)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void an_answer_leaves_nothing_to_find() {
    Scene scene = new Scene(Kernel.V6_1).happens(askFor(Scene.B), Scene.arpAnswered());
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_packet_whose_neighbour_failed_before_anything_was_seen_is_enough() {
    for (Kernel kernel : new Kernel[] {Kernel.V5_10, Kernel.V6_1, Kernel.V7_3}) {
      Scene scene = new Scene(kernel);
      Finding finding = scene.happens(scene.echoDied(1)).finding();
      assertThat(finding.cause()).as(kernel.version()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
      assertThat(finding.place().ifname()).isEqualTo("veth0");
    }
  }

  @Test
  void an_announcement_or_a_probe_that_nobody_answers_is_no_fault() {
    Dev from = Scene.VETH0;
    Skb announcement = Skb.of(Packets.arpRequest(Scene.A, Scene.A)).across(from, Scene.VETH1);
    Skb probe = Skb.of(Packets.arpRequest("0.0.0.0", Scene.A)).across(from, Scene.VETH1);
    Scene scene = new Scene(Kernel.TRACEPOINTS_ONLY).happens(announcement, probe);
    assertThat(scene.findings()).isEmpty();
  }
}
