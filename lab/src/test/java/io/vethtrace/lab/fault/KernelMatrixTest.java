package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.lab.capture.TsharkCaptures;
import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.metrics.RefusedSourceMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every fault of the lab on the running kernel, and {@link GuestFaults} on each of Debian's
 * kernels, two kernels at a time. All kernels give the same findings, and the decision itself is
 * observed where function hooks can be attached.
 */
final class KernelMatrixTest {
  /** The kernel lines, those first whose guests take longest, so that the guests end together. */
  private static final List<String> LINES = List.of("7.x", "6.1", "6.12", "5.10");

  private static final Duration FETCH = Duration.ofMinutes(5);

  /** The return values of fib_validate_source up to 6.12 (net/ipv4/fib_frontend.c). */
  private static final int EINVAL = 22;

  private static final int EXDEV = 18;

  private static final ExecutorService HERE = Executors.newSingleThreadExecutor();
  private static final ExecutorService GUESTS = Executors.newFixedThreadPool(2);
  private static final Map<String, CompletableFuture<KernelRun>> RUNS = new LinkedHashMap<>();
  private static final Map<String, String> UNFETCHED = new HashMap<>();

  @BeforeAll
  static void start() {
    MachineRequirements.assumeRoot();
    RUNS.put(KernelRun.RUNNING, running(KernelRun.RUNNING, HERE));
    if (MachineRequirements.hasGuests()) {
      LINES.stream()
          .filter(KernelMatrixTest::isFetched)
          .forEach(line -> RUNS.put(line, running(line, GUESTS)));
    }
  }

  private static CompletableFuture<KernelRun> running(String line, ExecutorService where) {
    return CompletableFuture.supplyAsync(() -> KernelRun.of(line), where);
  }

  /** Fetches the kernels one after the other, because they share apt and the cache. */
  private static boolean isFetched(String line) {
    String fetch = Installation.file("lab/guest/kernel.sh");
    ProcessResult fetched = ProcessResult.of(FETCH, List.of(fetch, line));
    if (fetched.exitCode() != 0) {
      String why = fetched.stderr().lines().reduce("it did not say why", (_, last) -> last);
      UNFETCHED.put(line, "the kernel %s could not be fetched: %s".formatted(line, why));
    }
    return fetched.exitCode() == 0;
  }

  @AfterAll
  static void stop() {
    HERE.shutdown();
    GUESTS.shutdown();
    RUNS.values().stream()
        .filter(run -> run.state() == Future.State.SUCCESS)
        .forEach(run -> run.join().removeCaptures());
  }

  @TestFactory
  Stream<DynamicNode> every_fault_is_named_and_cured() {
    return Stream.concat(Stream.of(KernelRun.RUNNING), LINES.stream())
        .map(line -> dynamicContainer(line, tests(line)));
  }

  private static Stream<DynamicTest> tests(String line) {
    CompletableFuture<KernelRun> future = RUNS.get(line);
    if (future == null) {
      return Stream.of(
          dynamicTest(
              "Linux " + line + " boots",
              () -> abort(UNFETCHED.getOrDefault(line, MachineRequirements.NO_GUESTS))));
    }
    KernelRun run = future.join();
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(dynamicTest("every fault ran on " + line, () -> assertAllRan(run)));
    if (run.isGuest()) {
      tests.add(dynamicTest("function hooks on " + line, () -> assertHooks(run)));
    }
    if (!run.isGuest()) {
      tests.add(
          dynamicTest(
              "a filter in the kernel on " + line,
              () -> FilteredTraffic.assertFiltered(run.filtered())));
    }
    if (line.equals(FilteredTraffic.LINE)) {
      tests.add(
          dynamicTest(
              "a filter in the kernel on " + line,
              () -> FilteredTraffic.assertAccounted(run.status(), FilteredTraffic.ofGuest())));
    }
    if (line.equals(RefusedSourceMetrics.LINE)) {
      tests.add(
          dynamicTest(
              "metrics of refused sources on " + line,
              () -> RefusedSourceMetrics.assertCounted(run.metrics())));
    }
    run.captures().ifPresent(folder -> tests.addAll(captures(line, folder)));
    for (JsonLine result : run.results()) {
      tests.add(dynamicTest(result.text("fault") + " on " + line, () -> assertRight(run, result)));
    }
    run.leftOut()
        .forEach((fault, why) -> tests.add(dynamicTest(fault + " on " + line, () -> abort(why))));
    if (line.equals(HiddenKernelNames.LINE)) {
      tests.addAll(hiddenNames(run));
    }
    return tests.stream();
  }

  private static List<DynamicTest> captures(String line, Path folder) {
    return List.of(
        dynamicTest(
            "frames of a refused request on " + line,
            () -> TsharkCaptures.assertBlog(folder.resolve("blog.pcapng"))),
        dynamicTest(
            "frames behind a router on " + line,
            () ->
                TsharkCaptures.assertRouter(
                    folder.resolve("router.pcapng"), TsharkCaptures.GUEST_COUNT)));
  }

  private static List<DynamicTest> hiddenNames(KernelRun run) {
    List<JsonLine> results =
        run.hiddenNames().stream().filter(object -> object.has("fault")).toList();
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(
        dynamicTest(
            "faults ran without names on " + run.line(),
            () ->
                assertThat(results.stream().map(result -> result.text("fault")))
                    .as("standard error: %s", run.run().stderr())
                    .containsExactlyElementsOf(HiddenKernelNames.GUEST_FAULTS)));
    for (JsonLine result : results) {
      tests.add(
          dynamicTest(
              "%s without names on %s".formatted(result.text("fault"), run.line()),
              () -> HiddenKernelNames.assertFoundByNumbers(result, false, false)));
    }
    return tests;
  }

  private static void assertAllRan(KernelRun run) {
    List<String> faults =
        new ArrayList<>(run.isGuest() ? GuestFaults.of(run.line()) : Installation.faults());
    faults.removeAll(run.leftOut().keySet());
    assertThat(run.results().stream().map(result -> result.text("fault")))
        .as("standard error: %s", run.run().stderr())
        .containsExactlyElementsOf(faults);
    assertThat(run.run().exitCode()).isZero();
  }

  private static void assertHooks(KernelRun run) {
    assertThat(run.status().text("kernel")).startsWith(run.line().replace("x", ""));
    assertThat(run.mechanism("veth_xmit")).isIn("fentry", "kprobe");
    assertThat(run.mechanism("loopback_xmit")).isIn("fentry", "kprobe");
    assertThat(run.mechanism("netif_rx")).isIn("tp_btf", "raw_tp");
    assertThat(run.mechanism("fib_validate_source")).isIn("fexit", "kprobe+kretprobe");
  }

  private static void assertRight(KernelRun run, JsonLine result) {
    FaultAssertions.assertNamed(result, result.text("fault"));
    if (FaultAssertions.isHealthy(result) || !run.isGuest()) {
      return;
    }
    assertThat(result.text("confidence"))
        .as(FaultAssertions.summary(result))
        .isEqualTo(result.text("expected_confidence"));
    switch (result.text("cause")) {
      case "SOURCE_ADDRESS_IS_LOCAL" ->
          assertRefused(run, result, "IP_LOCAL_SOURCE", EINVAL, "accept_local");
      case "REVERSE_PATH_FILTER" -> assertRefused(run, result, "IP_RPFILTER", EXDEV, "rp_filter");
      case "INVALID_SOURCE" -> assertReturned(run, result, "IP_INVALID_SOURCE", EINVAL);
      default -> {}
    }
  }

  /** Checks that the evidence has the setting that the kernel read for its decision. */
  private static void assertRefused(
      KernelRun run, JsonLine result, String reason, int errno, String sysctl) {
    JsonLine finding = assertReturned(run, result, reason, errno);
    assertThat(finding.objects("evidence"))
        .anySatisfy(evidence -> {
          assertThat(evidence.text("kind")).isEqualTo("SYSCTL");
          assertThat(evidence.text("text")).contains(sysctl);
        });
  }

  /**
   * Checks the drop reason and, where the function itself was observed, this kernel's return value.
   */
  private static JsonLine assertReturned(KernelRun run, JsonLine result, String reason, int errno) {
    JsonLine finding = result.object("report").objects("findings").getFirst();
    assertThat(finding.text("drop_reason")).isEqualTo(reason);
    if (result.text("hook").equals("fib_validate_source")) {
      assertThat(result.get("return_value")).isEqualTo(run.returned(reason, errno));
    }
    return finding;
  }

  @TestFactory
  Stream<DynamicTest> every_kernel_says_the_same() {
    Map<String, Set<String>> verdicts = new TreeMap<>();
    RUNS.values().stream()
        .map(CompletableFuture::join)
        .flatMap(run -> run.results().stream())
        .forEach(result ->
            verdicts
                .computeIfAbsent(result.text("fault"), _ -> new TreeSet<>())
                .add(verdict(result)));
    return verdicts.entrySet().stream()
        .map(fault ->
            dynamicTest(
                fault.getKey() + " on every kernel",
                () -> assertThat(fault.getValue()).hasSize(1)));
  }

  private static String verdict(JsonLine result) {
    return "%s on %s by %s"
        .formatted(result.text("cause"), result.text("interface"), result.text("hook"));
  }
}
