package io.vethtrace.daemon.engine.feed;

import java.time.Duration;

/**
 * How much a history keeps at most; what is the oldest goes first.
 *
 * @param bytes of memory, as estimated
 * @param age of the oldest when it is read
 */
public record HistoryBounds(int items, long bytes, Duration age) {
  public HistoryBounds {
    if (items < 0 || bytes < 0 || age.isNegative()) {
      throw new IllegalArgumentException("items=%d bytes=%d age=%s".formatted(items, bytes, age));
    }
  }

  /** Nothing is kept. */
  public static HistoryBounds none() {
    return new HistoryBounds(0, 0, Duration.ZERO);
  }

  public boolean keepsAny() {
    return items > 0 && bytes > 0;
  }
}
