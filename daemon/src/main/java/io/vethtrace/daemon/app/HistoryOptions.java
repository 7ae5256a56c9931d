package io.vethtrace.daemon.app;

import io.vethtrace.daemon.engine.feed.HistoryLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that limit the history which vethtraced keeps for clients. */
final class HistoryOptions {
  @Option(
      names = "--history-bytes",
      paramLabel = "N",
      defaultValue = "67108864",
      description =
          "Memory for past journeys and findings; 0 keeps none (default: ${DEFAULT-VALUE}).")
  private long bytes;

  @Option(
      names = "--history-seconds",
      paramLabel = "N",
      defaultValue = "86400",
      description = "How long they are kept at most (default: ${DEFAULT-VALUE}).")
  private long seconds;

  /**
   * Returns the limits that the options set.
   *
   * @throws UsageException where that is nothing that can be asked for
   */
  HistoryLimits size() {
    if (bytes < 0 || seconds < 0) {
      throw new UsageException("--history-bytes and --history-seconds are 0 or more");
    }
    return HistoryLimits.of(bytes, Duration.ofSeconds(seconds));
  }
}
