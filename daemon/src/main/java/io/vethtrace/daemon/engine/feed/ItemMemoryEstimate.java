package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;

/** Estimates the memory that an item takes, as HotSpot lays it out, to some tenths. */
final class ItemMemoryEstimate {
  private static final int JOURNEY = 300;

  /** An Event, its Frame with its array, its device's name, and its place in the list. */
  private static final int HOP = 270;

  private static final int FINDING = 500;

  /** A String with its array. */
  private static final int TEXT = 56;

  private ItemMemoryEstimate() {}

  static long ofBytes(Event event) {
    return (long) HOP + event.frame().lengthBytes();
  }

  static long ofBytes(Journey journey) {
    long bytes = JOURNEY;
    for (Event hop : journey.hops()) {
      bytes += ofBytes(hop);
    }
    return bytes;
  }

  static long ofBytes(Finding finding) {
    long texts =
        finding.title().length()
            + finding.explanation().length()
            + finding.evidence().stream().mapToLong(e -> TEXT + e.text().length()).sum()
            + finding.consequences().stream().mapToLong(c -> TEXT + c.length()).sum()
            + finding.fixes().stream()
                .flatMap(fix -> fix.commands().stream())
                .mapToLong(command -> TEXT + command.length())
                .sum();
    return FINDING + texts + ofBytes(finding.proof());
  }

  static long ofBytes(TraceItem item) {
    return switch (item) {
      case TraceItem.JourneyEnded ended -> ofBytes(ended.journey());
      case TraceItem.FaultFound found -> ofBytes(found.finding());
    };
  }
}
