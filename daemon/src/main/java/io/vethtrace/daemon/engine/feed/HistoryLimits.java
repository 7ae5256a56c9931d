package io.vethtrace.daemon.engine.feed;

import java.time.Duration;

/** The limits of both histories: a flood of journeys does not push findings out. */
public record HistoryLimits(HistoryBounds journeys, HistoryBounds findings) {
  private static final int MAX_JOURNEYS = 1 << 16;
  private static final int MAX_FINDINGS = 1 << 12;
  private static final int FINDINGS_SHARE = 8;

  /** Returns the limits of a daemon that keeps nothing. */
  public static HistoryLimits none() {
    return new HistoryLimits(HistoryBounds.none(), HistoryBounds.none());
  }

  /** Divides {@code bytes} of memory among both; 0 bytes keep nothing. */
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
