package io.vethtrace.daemon.engine.feed;

import java.time.Duration;

/** How much is kept: findings apart, so that a flood of packets does not push them out. */
public record HistoryLimits(HistoryBounds journeys, HistoryBounds findings) {
  private static final int MAX_JOURNEYS = 1 << 16;
  private static final int MAX_FINDINGS = 1 << 12;
  private static final int FINDINGS_SHARE = 8;

  /** Nothing is kept. */
  public static HistoryLimits none() {
    return new HistoryLimits(HistoryBounds.none(), HistoryBounds.none());
  }

  /** {@code bytes} of memory over all, and nothing that is older; 0 bytes keep nothing. */
  public static HistoryLimits of(long bytes, Duration age) {
    if (bytes == 0) {
      return none();
    }
    long ofFindings = bytes / FINDINGS_SHARE;
    return new HistoryLimits(
        new HistoryBounds(MAX_JOURNEYS, bytes - ofFindings, age),
        new HistoryBounds(MAX_FINDINGS, ofFindings, age));
  }
}
