package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.engine.feed.History;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fill of the history of one kind of item.
 *
 * @param kind "journey" or "finding"
 * @param bytes estimated, of the daemon's memory
 * @param ageSeconds how long ago the oldest was told; 0 where there is none
 */
record HistoryFill(String kind, long items, long bytes, double ageSeconds) {
  private static final double NS_PER_SECOND = 1e9;

  /** Returns the fill of each history that keeps anything. */
  static List<HistoryFill> of(TraceStream stream) {
    return Stream.of(of("journey", stream.journeys()), of("finding", stream.findings()))
        .flatMap(List::stream)
        .toList();
  }

  private static List<HistoryFill> of(String kind, History<?> history) {
    if (!history.bounds().keepsAny()) {
      return List.of();
    }
    long nowUnixNs = WallClock.nowUnixNs();
    History.Fill fill = history.fill(nowUnixNs);
    double ageSeconds = (nowUnixNs - fill.oldestUnixNs().orElse(nowUnixNs)) / NS_PER_SECOND;
    return List.of(new HistoryFill(kind, fill.items(), fill.bytes(), ageSeconds));
  }
}
