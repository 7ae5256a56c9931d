package io.vethtrace.lab.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests dashboards, alerts and counters with a real Prometheus and a real daemon. The daemon's ring
 * is so small that most events are lost while faults run and the kernel drops a known number of
 * packets. Every query of the dashboards and alerts has data of its shape, and the counters are
 * exact. Refused sources are counted only where fib_validate_source can be traced.
 */
final class PrometheusTest {
  private static final List<Prometheus> SERVERS = new ArrayList<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void needs() {
    MachineRequirements.assumeRoot();
    Stream.of("prometheus", "promtool", "nft", "busybox")
        .forEach(MachineRequirements::assumeProgram);
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(Prometheus::close);
  }

  @TestFactory
  Stream<DynamicTest> prometheus_has_exact_counts_and_data_for_every_query() throws IOException {
    MetricsRun run = MetricsRun.of(folder);
    Prometheus prometheus = Prometheus.over(folder);
    SERVERS.add(prometheus);
    ScrapedMetrics scraped = new ScrapedMetrics(run, prometheus);
    return Stream.of(
            Stream.of(
                dynamicTest("promtool takes the metrics", () -> assertValidMetrics(run)),
                dynamicTest("most events are lost", scraped::assertMostEventsLost),
                dynamicTest("drops are exact", scraped::assertExactDrops),
                dynamicTest("places are exact", scraped::assertExactPlaces),
                dynamicTest("refusals are exact", scraped::assertExactRefusals),
                dynamicTest("loss of a pair is exact", scraped::assertExactLoss),
                dynamicTest("a table of drops is exact", scraped::assertTableIsExact),
                dynamicTest("what must alert does", scraped::assertAlerts)),
            DashboardQuery.ofDashboards().stream()
                .map(query -> dynamicTest(query.where(), () -> scraped.assertShape(query))),
            AlertRulesTest.alerts().stream()
                .map(alert -> dynamicTest(alert.text("alert"), () -> scraped.assertData(alert))))
        .flatMap(tests -> tests);
  }

  private static void assertValidMetrics(MetricsRun run) {
    String metrics = run.folder().resolve("metrics").toString();
    ProcessResult check =
        ProcessResult.of("sh", "-c", "promtool check metrics <\"$1\"", "sh", metrics);
    assertThat(check.exitCode()).as(check.stdout() + check.stderr()).isZero();
  }
}
