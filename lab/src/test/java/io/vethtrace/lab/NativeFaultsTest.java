package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every fault on the running kernel, each with a private daemon of its own. */
final class NativeFaultsTest {
  private static final int NOT_POSSIBLE = 3;

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  @TestFactory
  Stream<DynamicTest> a_fault_is_named_and_the_printed_command_cures_it() {
    List<String> faults = Installation.faults();
    assertThat(faults).isNotEmpty();
    return faults.stream().map(fault -> dynamicTest(fault, () -> run(fault)));
  }

  private static void run(String fault) {
    Finished run = Finished.of(Installation.vethtrace(), "lab", "run", fault, "-o", "json");
    assumeFalse(
        run.exitCode() == NOT_POSSIBLE && run.stderr().contains("this kernel lacks something"),
        run.stderr());
    List<Json> results = Json.parseLines(run.stdout());
    assertThat(results).as("standard error: %s", run.stderr()).hasSize(1);
    FaultAssert.assertNamed(results.getFirst(), fault);
    assertThat(run.exitCode()).isZero();
  }
}
