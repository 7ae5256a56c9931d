package io.vethtrace.lab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.ProcessResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A run of {@code lab/guest/metrics.sh}: a Prometheus stored a daemon's metrics while faults ran.
 *
 * @param folder the folder with {@code tsdb} and {@code metrics}
 * @param began the time of its begin, in seconds
 * @param ended the time of its end, in seconds
 * @param netns the prefix of the names of its namespaces
 * @param rounds the number of rounds of its traffic
 * @param ruled the number of packets that nft's own counter has
 */
record MetricsRun(Path folder, long began, long ended, String netns, int rounds, long ruled) {
  private static final Duration LIMIT = Duration.ofMinutes(8);

  static MetricsRun of(Path folder) {
    ProcessResult run = ProcessResult.of(LIMIT, script(folder));
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    JsonLine numbers = JsonLine.parse(run.stdout());
    return new MetricsRun(
        folder,
        Long.parseLong(numbers.text("began")),
        Long.parseLong(numbers.text("ended")),
        numbers.text("netns"),
        Integer.parseInt(numbers.text("rounds")),
        Long.parseLong(numbers.text("ruled")));
  }

  private static List<String> script(Path folder) {
    return List.of(
        Installation.file("lab/guest/metrics.sh"),
        Installation.home(),
        folder.toString(),
        Integer.toString(Prometheus.freePort()),
        Integer.toString(Prometheus.freePort()));
  }
}
