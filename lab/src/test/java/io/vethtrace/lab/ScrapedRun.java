package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What a Prometheus stored of a daemon while faults ran: {@code lab/guest/metrics.sh}, here or in a
 * guest.
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

  static ScrapedRun here(Path folder) {
    return of(folder, script(Stream.empty(), folder.toString()));
  }

  /** In a guest, whose network is its own. */
  static ScrapedRun inGuest(Path folder, String line) {
    Stream<String> guest =
        Stream.of(Installation.file("lab/guest/run.sh"), "-s", folder.toString(), line, "--");
    return of(folder, Stream.concat(guest, script(Stream.of("-i"), "/run/share")));
  }

  private static Stream<String> script(Stream<String> options, String folder) {
    Stream<String> arguments =
        Stream.of(
            Installation.home(),
            folder,
            Integer.toString(Prometheus.freePort()),
            Integer.toString(Prometheus.freePort()));
    return Stream.of(Stream.of(Installation.file("lab/guest/metrics.sh")), options, arguments)
        .flatMap(part -> part);
  }

  private static ScrapedRun of(Path folder, Stream<String> command) {
    Finished run = Finished.of(LIMIT, command.toList());
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
}
