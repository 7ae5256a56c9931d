package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the capabilities of docs/privileges.md are enough for another user than root. */
final class LeastPrivilegeTest {
  /** The script's exit code if this machine cannot test the capabilities. */
  private static final int CANNOT_BE_TRIED = 2;

  @Test
  void with_exactly_the_recommended_set_a_fault_is_named_and_cured() {
    MachineRequirements.assumeRoot();
    String script = Installation.root().resolve("lab/guest/least-privilege.sh").toString();
    ProcessResult run =
        ProcessResult.of(Duration.ofMinutes(5), List.of(script, "blog-accept-local"));
    assumeTrue(run.exitCode() != CANNOT_BE_TRIED, run.stderr());
    assertThat(run.exitCode()).as("%s%n%s", run.stdout(), run.stderr()).isZero();
    assertThat(run.stdout()).contains("SOURCE_ADDRESS_IS_LOCAL", "enough on Linux");
  }
}
