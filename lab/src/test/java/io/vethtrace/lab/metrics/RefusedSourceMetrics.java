package io.vethtrace.lab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Checks the metrics of sources that fib_validate_source refused in a guest. A real Prometheus
 * scrapes the guest's metrics here, which the guest recorded at two times.
 */
public final class RefusedSourceMetrics {
  /** The kernel line of that guest. */
  public static final String LINE = "6.1";

  /** The files that {@code faults.sh -m} writes. */
  public static final List<String> FILES = List.of("metrics-1", "metrics-2");

  private static final String METRIC = "vethtrace_source_validation_failures_total";
  private static final String NETNS = "vt-refusing";
  private static final int ROUNDS = 3;
  private static final String ALERT = "VethtraceSourceRefused";

  private RefusedSourceMetrics() {}

  /**
   * Checks that the counter is exact, and that every panel and alert that reads it has data of its
   * shape.
   */
  public static void assertCounted(List<String> metrics) throws IOException {
    assertThat(metrics).hasSameSizeAs(FILES);
    Path folder = Files.createTempDirectory("vethtrace-refused");
    try (MetricsReplay replay = new MetricsReplay(metrics);
        Prometheus prometheus = Prometheus.scraping(replay.port(), folder)) {
      long began = Instant.now().getEpochSecond();
      Poll.until("all was scraped", replay::isOver);
      long ended = Instant.now().getEpochSecond();
      MetricsRun run = new MetricsRun(folder, began, ended, NETNS, ROUNDS, 0);
      assertScraped(new ScrapedMetrics(run, prometheus), prometheus, ended);
    } finally {
      ProcessResult.of("rm", "-rf", folder.toString());
    }
  }

  private static void assertScraped(ScrapedMetrics scraped, Prometheus prometheus, long ended) {
    scraped.assertExactRefusals();
    List<DashboardQuery> queries =
        DashboardQuery.ofDashboards().stream()
            .filter(query -> query.expr().contains(METRIC))
            .toList();
    assertThat(queries).isNotEmpty().allSatisfy(scraped::assertShape);
    assertThat(AlertRulesTest.alerts())
        .filteredOn(alert -> alert.text("alert").equals(ALERT))
        .singleElement()
        .satisfies(scraped::assertData);
    String firing = "ALERTS{alertname='%s', alertstate='firing'}".formatted(ALERT);
    assertThat(prometheus.query(firing, ended)).isNotEmpty();
  }
}
