package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The running kernel with its names hidden, of drop reasons, of functions, and of both. */
final class NamelessKernelTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String JOBS = "2";

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
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
    Finished run = run(List.of(hidden));
    List<Json> results =
        Json.parseLines(run.stdout()).stream().filter(line -> line.has("fault")).toList();
    boolean namesReasons = !List.of(hidden).contains("btf");
    boolean namesPlaces = !List.of(hidden).contains("kallsyms");
    String without = " without " + String.join(" and ", hidden);
    DynamicTest all =
        dynamicTest(
            "every fault ran" + without,
            () ->
                assertThat(results.stream().map(result -> result.text("fault")))
                    .as("standard error: %s", run.stderr())
                    .containsExactlyElementsOf(NamelessKernels.FAULTS));
    Stream<DynamicTest> each =
        results.stream()
            .map(result ->
                dynamicTest(
                    result.text("fault") + without,
                    () -> NamelessKernels.assertFoundByNumbers(result, namesReasons, namesPlaces)));
    return Stream.concat(Stream.of(all), each);
  }

  private static Finished run(List<String> hidden) {
    List<String> command = new ArrayList<>();
    command.add(Installation.file("lab/guest/nameless.sh"));
    command.addAll(hidden);
    command.add("--");
    command.addAll(KernelRun.faults(JOBS, NamelessKernels.FAULTS));
    return Finished.of(LIMIT, command);
  }
}
