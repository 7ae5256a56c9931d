package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests faults on the running kernel without its names of drop reasons, of functions, and of both.
 */
final class HiddenKernelNamesTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String JOBS = "2";

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  @TestFactory
  Stream<DynamicTest> without_names_of_drop_reasons() {
    return tests("btf");
  }

  @TestFactory
  Stream<DynamicTest> without_addresses_of_functions() {
    return tests("kallsyms");
  }

  @TestFactory
  Stream<DynamicTest> without_either() {
    return tests("btf", "kallsyms");
  }

  private static Stream<DynamicTest> tests(String... hidden) {
    ProcessResult run = run(List.of(hidden));
    List<JsonLine> results =
        JsonLine.parseLines(run.stdout()).stream().filter(line -> line.has("fault")).toList();
    boolean namesReasons = !List.of(hidden).contains("btf");
    boolean namesPlaces = !List.of(hidden).contains("kallsyms");
    String without = " without " + String.join(" and ", hidden);
    DynamicTest all =
        dynamicTest(
            "every fault ran" + without,
            () ->
                assertThat(results.stream().map(result -> result.text("fault")))
                    .as("standard error: %s", run.stderr())
                    .containsExactlyElementsOf(HiddenKernelNames.FAULTS));
    Stream<DynamicTest> each =
        results.stream()
            .map(result ->
                dynamicTest(
                    result.text("fault") + without,
                    () ->
                        HiddenKernelNames.assertFoundByNumbers(result, namesReasons, namesPlaces)));
    return Stream.concat(Stream.of(all), each);
  }

  private static ProcessResult run(List<String> hidden) {
    List<String> command = new ArrayList<>();
    command.add(Installation.file("lab/guest/hidden-names.sh"));
    command.addAll(hidden);
    command.add("--");
    command.addAll(KernelRun.faults(JOBS, HiddenKernelNames.FAULTS));
    return ProcessResult.of(LIMIT, command);
  }
}
