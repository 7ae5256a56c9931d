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

/** Every fault on Linux 6.1, where function hooks see what is only modelled elsewhere. */
final class GuestFaultsTest {
  private static final Duration BOOT_AND_RUN = Duration.ofMinutes(12);

  /** EINVAL and EXDEV, as fib_validate_source returns them (net/ipv4/fib_frontend.c, 6.1). */
  private static final int SOURCE_IS_LOCAL = -22;

  private static final int REVERSE_PATH = -18;

  @BeforeAll
  static void guests() {
    Machine.assumeGuests();
  }

  @TestFactory
  Stream<DynamicTest> on_6_1_every_deciding_fact_is_observed() {
    Finished guest = boot();
    List<Json> lines = Json.parseLines(guest.stdout());
    List<Json> results = lines.stream().filter(line -> line.has("fault")).toList();
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(dynamicTest("every fault ran", () -> assertAllRan(guest, results)));
    tests.add(dynamicTest("status names the function hooks", () -> assertStatus(guest, lines)));
    results.forEach(
        result -> tests.add(dynamicTest(result.text("fault"), () -> assertObserved(result))));
    return tests.stream();
  }

  private static Finished boot() {
    String program = Installation.vethtrace();
    String script =
        "'%s' -o json lab run --all; code=$?; '%s' -o json status; exit $code"
            .formatted(program, program);
    String runner = Installation.root().resolve("lab/guest/run.sh").toString();
    String seconds = Long.toString(BOOT_AND_RUN.toSeconds());
    return Finished.of(
        BOOT_AND_RUN.plusMinutes(3),
        List.of(runner, "-t", seconds, "6.1", "--", "sh", "-c", script));
  }

  private static void assertAllRan(Finished guest, List<Json> results) {
    assertThat(results.stream().map(result -> result.text("fault")))
        .as("standard error: %s", guest.stderr())
        .containsExactlyInAnyOrderElementsOf(Installation.faults());
    assertThat(guest.exitCode()).isZero();
  }

  private static void assertStatus(Finished guest, List<Json> lines) {
    List<Json> statuses = lines.stream().filter(line -> line.has("probes")).toList();
    assertThat(statuses).as("standard error: %s", guest.stderr()).hasSize(1);
    Json status = statuses.getFirst();
    assertThat(status.text("kernel")).startsWith("6.1.");
    assertThat(mechanism(status, "veth_xmit")).isIn("fentry", "kprobe");
    assertThat(mechanism(status, "loopback_xmit")).isIn("fentry", "kprobe");
    assertThat(mechanism(status, "netif_rx")).isIn("tp_btf", "raw_tp");
    assertThat(mechanism(status, "fib_validate_source")).startsWith("kprobe");
  }

  private static String mechanism(Json status, String probe) {
    return status.objects("probes").stream()
        .filter(row -> row.text("name").equals(probe))
        .map(row -> row.text("mechanism"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(probe + " is missing in " + status));
  }

  private static void assertObserved(Json result) {
    FaultAssert.assertNamed(result, result.text("fault"));
    if (FaultAssert.isHealthy(result)) {
      return;
    }
    assertThat(result.text("confidence")).as(FaultAssert.summary(result)).isEqualTo("OBSERVED");
    switch (result.text("expected_cause")) {
      case "SOURCE_ADDRESS_IS_LOCAL" -> assertRefused(result, SOURCE_IS_LOCAL, "accept_local");
      case "REVERSE_PATH_FILTER" -> assertRefused(result, REVERSE_PATH, "rp_filter");
      default -> {}
    }
  }

  /** The sysctl must be evidence of its kind: read by the kernel as it decided. */
  private static void assertRefused(Json result, int returnValue, String sysctl) {
    assertThat(result.get("return_value")).isEqualTo(returnValue);
    assertThat(result.text("hook")).isEqualTo("fib_validate_source");
    Json finding = result.object("report").objects("findings").getFirst();
    assertThat(finding.objects("evidence"))
        .anySatisfy(evidence -> {
          assertThat(evidence.text("kind")).isEqualTo("SYSCTL");
          assertThat(evidence.text("text")).contains(sysctl);
        });
  }
}
