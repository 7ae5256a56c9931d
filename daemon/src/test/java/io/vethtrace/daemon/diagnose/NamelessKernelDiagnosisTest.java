package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Diagnosis on a kernel whose BTF names no drop reasons and whose kallsyms names no locations. */
class NamelessKernelDiagnosisTest {
  private static final SourceCheckSysctls ALL_OFF = new SourceCheckSysctls(0, 0, 0, 0);
  private static final SourceCheckSysctls STRICT = new SourceCheckSysctls(0, 1, 0, 1);
  private static final int NEIGH_FAILED = 58;
  private static final int NO_SOCKET = 3;

  private final OneNetnsScene scene = new OneNetnsScene(TestKernel.NAMELESS);

  private static TracedSkb requestFrom(String source, int result, SourceCheckSysctls settings) {
    return TracedSkb.of(Packets.arpRequest(source, OneNetnsScene.B))
        .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
        .validated(OneNetnsScene.VETH1, result, settings)
        .consumed(OneNetnsScene.VETH1);
  }

  private static TracedSkb queuedEchoDied() {
    return TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
        .atMs(3000)
        .dropped(OneNetnsScene.VETH0, NEIGH_FAILED, TestKernel.HIDDEN_PLACE);
  }

  private static TracedSkb reply() {
    return TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
        .through(OneNetnsScene.LO);
  }

  @Test
  void what_a_refusal_was_for_is_concluded_from_settings_and_addresses() {
    Finding finding = scene.happens(OneNetnsScene.arpRefused(-87, ALL_OFF)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.returnValue()).hasValue(-87);
    assertThat(finding.dropReason()).isEqualTo("87");
    assertThat(finding.evidence())
        .contains(
            new Evidence(Evidence.Kind.RETURN_VALUE, "fib_validate_source on veth1 returned -87"),
            new Evidence(Evidence.Kind.LIMIT, "this kernel's BTF has no name for drop reason 87"));
    assertThat(finding.fixes()).isNotEmpty();
  }

  @Test
  void a_strict_reverse_path_is_told_from_a_local_source() {
    assertThat(scene.happens(OneNetnsScene.arpRefused(-16, STRICT)).finding().cause())
        .isEqualTo(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void a_reason_with_the_number_of_an_errno_is_not_taken_for_it() {
    // 18 is EXDEV, which elsewhere is the reverse path filter; here the settings exclude it.
    assertThat(scene.happens(OneNetnsScene.arpRefused(-18, ALL_OFF)).finding().cause())
        .isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
  }

  @Test
  void a_source_that_is_not_local_is_refused_by_the_filter_or_else_invalid() {
    assertThat(
            new OneNetnsScene(TestKernel.NAMELESS)
                .happens(requestFrom("10.7.7.7", -16, STRICT))
                .finding()
                .cause())
        .isEqualTo(Cause.REVERSE_PATH_FILTER);
    assertThat(
            new OneNetnsScene(TestKernel.NAMELESS)
                .happens(requestFrom("240.0.0.1", -88, ALL_OFF))
                .finding()
                .cause())
        .isEqualTo(Cause.INVALID_SOURCE);
  }

  @Test
  void settings_that_exclude_every_known_refusal_leave_the_number() {
    Finding finding =
        scene.happens(OneNetnsScene.arpRefused(-99, new SourceCheckSysctls(0, 0, 0, 1))).finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.dropReason()).isEqualTo("99");
  }

  @Test
  void the_queued_packet_is_still_a_consequence_of_the_silent_neighbour() {
    Finding finding =
        scene
            .happens(
                OneNetnsScene.arpRefused(-87, ALL_OFF),
                queuedEchoDied(),
                OneNetnsScene.hostUnreachable(1))
            .finding();

    assertThat(finding.consequences()).hasSize(2);
    assertThat(finding.consequences().getFirst()).contains("0x00007f0000001234: 58");
  }

  @Test
  void a_packet_that_died_at_its_device_while_no_neighbour_was_silent_is_a_drop_with_its_numbers() {
    Finding finding = scene.happens(queuedEchoDied()).finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.title()).endsWith("in 0x00007f0000001234: 58");
  }

  @Test
  void the_place_alone_tells_a_neighbours_queue_and_a_delivered_reply() {
    TracedSkb echo =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .dropped(OneNetnsScene.VETH0, NEIGH_FAILED, TestKernel.place("neigh_invalidate"));
    assertThat(new OneNetnsScene(TestKernel.NAMELESS).happens(echo).finding().cause())
        .isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(findings(reply().dropped(OneNetnsScene.LO, NO_SOCKET, TestKernel.place("icmp_rcv"))))
        .isEmpty();
  }

  @Test
  void a_reply_whose_clone_a_socket_got_was_delivered() {
    assertThat(
            findings(reply().droppedAsClone(OneNetnsScene.LO, NO_SOCKET, TestKernel.HIDDEN_PLACE)))
        .isEmpty();
  }

  @Test
  void a_reply_without_a_clone_was_dropped_and_so_was_one_that_was_refused() {
    assertThat(findings(reply().dropped(OneNetnsScene.LO, NO_SOCKET, TestKernel.HIDDEN_PLACE)))
        .extracting(Finding::cause)
        .containsExactly(Cause.OTHER_DROP);
    TracedSkb refused =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .across(OneNetnsScene.VETH1, OneNetnsScene.VETH0)
            .validated(OneNetnsScene.VETH0, -16, STRICT)
            .droppedAsClone(OneNetnsScene.VETH0, 16, TestKernel.HIDDEN_PLACE);
    assertThat(findings(refused))
        .extracting(Finding::cause)
        .containsExactly(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void lo_that_is_down_needs_no_names() {
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .dropped(OneNetnsScene.LO_DOWN, 64, TestKernel.HIDDEN_PLACE);
    assertThat(findings(reply)).extracting(Finding::cause).containsExactly(Cause.LOOPBACK_DOWN);
  }

  private static List<Finding> findings(TracedSkb reply) {
    return new OneNetnsScene(TestKernel.NAMELESS).happens(OneNetnsScene.echo(1), reply).findings();
  }
}
