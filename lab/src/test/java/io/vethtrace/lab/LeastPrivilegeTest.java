package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The capabilities that docs/privileges.md recommends are enough, for another user than root. */
final class LeastPrivilegeTest {
  /** What the script says where it cannot be tried, for reasons that are not the set's. */
  private static final int CANNOT_BE_TRIED = 2;

  @Test
  void with_exactly_the_recommended_set_a_fault_is_named_and_cured() {
    Machine.assumeRoot();
    String script = Installation.root().resolve("lab/guest/least-privilege.sh").toString();
    Finished run = Finished.of(Duration.ofMinutes(5), List.of(script, "blog-accept-local"));
    assumeTrue(run.exitCode() != CANNOT_BE_TRIED, run.stderr());
    assertThat(run.exitCode()).as("%s%n%s", run.stdout(), run.stderr()).isZero();
    assertThat(run.stdout()).contains("SOURCE_ADDRESS_IS_LOCAL", "enough on Linux");
  }
}
