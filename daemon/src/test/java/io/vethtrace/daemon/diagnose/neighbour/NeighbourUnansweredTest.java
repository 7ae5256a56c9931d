package io.vethtrace.daemon.diagnose.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Hook;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeighbourUnansweredTest {
  private static TracedSkb askFor(String target) {
    return TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, target))
        .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
        .consumed(OneNetnsScene.VETH1);
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(
        Cause.NEIGHBOUR_UNANSWERED,
        new OneNetnsScene(TestKernel.V7_3).happens(askFor("192.168.1.50")));
  }

  @Test
  void an_address_that_nobody_has_is_not_answered_for() {
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(askFor("192.168.1.50")).finding();

    assertThat(finding.cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(finding.verdict()).isEqualTo(Verdict.UNANSWERED);
    assertThat(finding.title()).isEqualTo("nobody on veth0 answers for 192.168.1.50");
    assertThat(finding.explanation()).contains("reached veth1, where nobody has it");
    assertThat(finding.hook()).isEqualTo("veth_xmit");
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
  }

  @Test
  void an_ipv6_address_that_nobody_has_is_named_and_the_queued_packet_folded() {
    TestDevice veth0 = TestDevice.up(1, 2, "veth0");
    TestDevice veth1 = TestDevice.up(2, 2, "veth1");
    long reasonless = TestKernel.V6_1.reason("NOT_SPECIFIED");
    TracedSkb asked =
        TracedSkb.of(Packets.neighbourSolicitation("fd00::1", "fd00::77"))
            .across(veth0, veth1)
            .dropped(veth1, (int) reasonless, TestKernel.place("ip6_mc_input"));
    TracedSkb died =
        TracedSkb.of(Packets.ip6("fd00::1", "fd00::77", 58, 64, Packets.icmp(128, 0, 1, 1)))
            .atMs(3000)
            .dropped(veth0, (int) reasonless, TestKernel.place("neigh_invalidate"));
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(asked, died).finding();

    assertThat(finding.cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(finding.title()).isEqualTo("nobody on veth0 answers for fd00::77");
    assertThat(finding.explanation()).startsWith("Neighbour discovery asked for fd00::77");
    assertThat(finding.consequences()).hasSize(1);
  }

  @Test
  void neighbour_discovery_that_was_answered_is_no_finding_on_any_kernel() {
    TestDevice veth0 = TestDevice.up(1, 2, "veth0");
    TestDevice veth1 = TestDevice.up(2, 2, "veth1");
    long place = TestKernel.place("icmpv6_rcv");
    TracedSkb asked =
        TracedSkb.of(Packets.neighbourSolicitation("fd00::1", "fd00::2")).across(veth0, veth1);
    TracedSkb told =
        TracedSkb.of(Packets.neighbourAdvertisement("fd00::1", "fd00::2")).across(veth1, veth0);
    assertThat(
            new OneNetnsScene(TestKernel.V5_10)
                .happens(
                    asked.droppedWithoutReason(veth1, place),
                    told.droppedWithoutReason(veth0, place))
                .findings())
        .isEmpty();
  }

  @Test
  void a_probe_whether_an_ipv6_address_is_free_expects_no_answer() {
    TestDevice veth0 = TestDevice.up(1, 2, "veth0");
    TracedSkb probe =
        TracedSkb.of(Packets.neighbourSolicitation("::", "fd00::1")).at(Hook.VETH_XMIT, veth0);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(probe).findings()).isEmpty();
  }

  @Test
  void a_bystander_that_got_the_flooded_request_first_does_not_hide_its_owner() {
    TestDevice elsewhere = TestDevice.up(500, 2, "eth0");
    TracedSkb bystander =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .across(OneNetnsScene.VETH0, elsewhere)
            .consumed(elsewhere);

    assertThat(
            new OneNetnsScene(TestKernel.V6_1)
                .happens(bystander, askFor(OneNetnsScene.B))
                .finding()
                .cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void a_reply_that_reached_only_the_bridge_is_no_answer() {
    TestDevice port = TestDevice.up(500, 7, "port0");
    TracedSkb clone =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .atMs(1)
            .across(port, OneNetnsScene.VETH1);
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .atMs(2)
            .across(OneNetnsScene.VETH1, port);
    TracedSkb asked =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .across(OneNetnsScene.VETH0, port);

    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(asked, clone, reply).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void a_request_that_left_and_was_not_received_says_so() {
    TracedSkb left =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .at(Hook.VETH_XMIT, OneNetnsScene.VETH0);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(left).finding().explanation())
        .contains("No other end was seen");
  }

  @Test
  void silence_where_the_address_is_needs_another_reason() {
    assertThat(
            new OneNetnsScene(TestKernel.V6_1).happens(askFor(OneNetnsScene.B)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void an_answer_leaves_nothing_to_find() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(askFor(OneNetnsScene.B), OneNetnsScene.arpAnswered());
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_packet_whose_neighbour_failed_before_anything_was_seen_is_enough() {
    for (TestKernel kernel :
        new TestKernel[] {TestKernel.V5_10, TestKernel.V6_1, TestKernel.V7_3}) {
      OneNetnsScene scene = new OneNetnsScene(kernel);
      Finding finding = scene.happens(scene.echoDied(1)).finding();
      assertThat(finding.cause()).as(kernel.version()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
      assertThat(finding.place().ifname()).isEqualTo("veth0");
    }
  }

  @Test
  void an_announcement_or_a_probe_that_nobody_answers_is_no_fault() {
    TestDevice from = OneNetnsScene.VETH0;
    TracedSkb announcement =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.A))
            .across(from, OneNetnsScene.VETH1);
    TracedSkb probe =
        TracedSkb.of(Packets.arpRequest("0.0.0.0", OneNetnsScene.A))
            .across(from, OneNetnsScene.VETH1);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY).happens(announcement, probe);
    assertThat(scene.findings()).isEmpty();
  }
}
