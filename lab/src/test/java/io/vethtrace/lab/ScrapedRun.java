package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a Prometheus stored of a daemon while faults ran: {@code lab/guest/metrics.sh}.
 *
 * @param folder with {@code tsdb} and {@code metrics}
 * @param began in seconds
 * @param ended in seconds
 * @param netns what the names of its namespaces begin with
 * @param rounds of its traffic
 * @param ruled packets that nft's own counter says it dropped
 */
record ScrapedRun(Path folder, long began, long ended, String netns, int rounds, long ruled) {
  private static final Duration LIMIT = Duration.ofMinutes(8);

  static ScrapedRun of(Path folder) {
    Finished run = Finished.of(LIMIT, script(folder));
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    Json said = Json.parse(run.stdout());
    return new ScrapedRun(
        folder,
        Long.parseLong(said.text("began")),
        Long.parseLong(said.text("ended")),
        said.text("netns"),
        Integer.parseInt(said.text("rounds")),
        Long.parseLong(said.text("ruled")));
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
