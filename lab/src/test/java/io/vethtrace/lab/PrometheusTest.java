package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

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
 * A real Prometheus scrapes a real daemon whose ring is so small that most events are lost, while
 * faults run and packets are dropped whose number is known: every query of the dashboards and of
 * the alerts has data of its shape, and the counters are exact. What fib_validate_source refuses is
 * counted only where that function can be watched.
 */
final class PrometheusTest {
  private static final List<Prometheus> SERVERS = new ArrayList<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void needs() {
    Machine.assumeRoot();
    Stream.of("prometheus", "promtool", "nft", "busybox").forEach(Machine::assumeProgram);
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(Prometheus::close);
  }

  @TestFactory
  Stream<DynamicTest> prometheus_has_exact_counts_and_data_for_every_query() throws IOException {
    ScrapedRun run = ScrapedRun.of(folder);
    Prometheus prometheus = Prometheus.over(folder);
    SERVERS.add(prometheus);
    Scraped scraped = new Scraped(run, prometheus);
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
            Query.ofDashboards().stream()
                .map(query -> dynamicTest(query.where(), () -> scraped.assertShape(query))),
            AlertRulesTest.alerts().stream()
                .map(alert -> dynamicTest(alert.text("alert"), () -> scraped.assertData(alert))))
        .flatMap(tests -> tests);
  }

  private static void assertValidMetrics(ScrapedRun run) {
    String metrics = run.folder().resolve("metrics").toString();
    Finished check = Finished.of("sh", "-c", "promtool check metrics <\"$1\"", "sh", metrics);
    assertThat(check.exitCode()).as(check.stdout() + check.stderr()).isZero();
  }
}
