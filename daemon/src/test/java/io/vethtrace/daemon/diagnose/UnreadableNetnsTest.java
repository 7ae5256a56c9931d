package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A finding says less, and says so, if vethtraced may not enter a namespace. */
class UnreadableNetnsTest {
  private static final String WHY = "namespace n cannot be read: setns: EPERM";

  private static Finding finding(OneNetnsScene scene) {
    TestKernel kernel = scene.kernel;
    Snapshot snapshot =
        new Snapshot(
            kernel.reasons(),
            kernel.symbols(),
            kernel.blind(),
            Map.of(),
            Map.of(OneNetnsScene.NETNS, WHY),
            HostFacts.NONE);
    return Diagnosis.of(scene.conversations().all(), snapshot).getFirst();
  }

  private static Finding refused(TestKernel kernel, int result) {
    return finding(
        new OneNetnsScene(kernel)
            .happens(OneNetnsScene.arpRefused(result, new SourceCheckSysctls(0, 0, 0, 0))));
  }

  @Test
  void the_limit_is_evidence() {
    assertThat(refused(TestKernel.V7_3, -87).evidence())
        .filteredOn(evidence -> evidence.kind() == Evidence.Kind.LIMIT)
        .singleElement()
        .extracting(Evidence::text)
        .asString()
        .startsWith(WHY);
  }

  @Test
  void a_reason_that_the_kernel_names_stays_what_it_is() {
    assertThat(refused(TestKernel.V7_3, -87).cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(refused(TestKernel.V6_1, -18).cause()).isEqualTo(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void einval_is_not_taken_for_an_invalid_source_while_the_addresses_are_unknown() {
    Finding finding = refused(TestKernel.V6_1, -22);
    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.dropReason()).isEqualTo("EINVAL");
    assertThat(finding.explanation()).contains("what that stands for here is not known");
  }

  @Test
  void nobody_is_said_to_lack_an_address_that_could_not_be_looked_for() {
    Finding finding =
        finding(new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY).happens(OneNetnsScene.arpAsked()));
    assertThat(finding.cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(finding.explanation())
        .contains("reached veth1, in a namespace whose addresses could not be read")
        .doesNotContain("nobody has it");
  }
}
