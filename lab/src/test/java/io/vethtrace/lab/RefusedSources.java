package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Metrics of sources that fib_validate_source refused in a guest, where it can be watched: a real
 * Prometheus scrapes here what the daemon said there at two times.
 */
final class RefusedSources {
  /** The guest in which that is tried. */
  static final String LINE = "6.1";

  /** What {@code faults.sh -m} leaves. */
  static final List<String> FILES = List.of("metrics-1", "metrics-2");

  private static final String METRIC = "vethtrace_source_validation_failures_total";
  private static final String NETNS = "vt-refusing";
  private static final int ROUNDS = 3;
  private static final String ALERT = "VethtraceSourceRefused";

  private RefusedSources() {}

  /** The counter is exact, and every panel and alert that asks for it has data of its shape. */
  static void assertCounted(List<String> metrics) throws IOException {
    assertThat(metrics).hasSameSizeAs(FILES);
    Path folder = Files.createTempDirectory("vethtrace-refused");
    try (MetricsReplay replay = new MetricsReplay(metrics);
        Prometheus prometheus = Prometheus.scraping(replay.port(), folder)) {
      long began = Instant.now().getEpochSecond();
      Await.until("all was scraped", replay::isOver);
      long ended = Instant.now().getEpochSecond();
      ScrapedRun run = new ScrapedRun(folder, began, ended, NETNS, ROUNDS, 0);
      assertScraped(new Scraped(run, prometheus), prometheus, ended);
    } finally {
      Finished.of("rm", "-rf", folder.toString());
    }
  }

  private static void assertScraped(Scraped scraped, Prometheus prometheus, long ended) {
    scraped.assertExactRefusals();
    List<Query> queries =
        Query.ofDashboards().stream().filter(query -> query.expr().contains(METRIC)).toList();
    assertThat(queries).isNotEmpty().allSatisfy(scraped::assertShape);
    assertThat(AlertRulesTest.alerts())
        .filteredOn(alert -> alert.text("alert").equals(ALERT))
        .singleElement()
        .satisfies(scraped::assertData);
    String firing = "ALERTS{alertname='%s', alertstate='firing'}".formatted(ALERT);
    assertThat(prometheus.query(firing, ended)).isNotEmpty();
  }
}
