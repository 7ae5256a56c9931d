package io.vethtrace.daemon.engine.feed;

import java.time.Duration;

/**
 * The limits of a history. The oldest items leave first.
 *
 * @param bytes the memory of all items, as estimated
 * @param age the greatest age of an item when it is read
 */
public record HistoryBounds(int items, long bytes, Duration age) {
  public HistoryBounds {
    if (items < 0 || bytes < 0 || age.isNegative()) {
      throw new IllegalArgumentException("items=%d bytes=%d age=%s".formatted(items, bytes, age));
    }
  }

  /** Returns the bounds of a history that keeps nothing. */
  public static HistoryBounds none() {
    return new HistoryBounds(0, 0, Duration.ZERO);
  }

  public boolean keepsAny() {
    return items > 0 && bytes > 0;
  }
}
