package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.trace.Journey;
import java.util.List;

/** Which packet's journey a captured frame belongs to. */
public sealed interface Match {
  /**
   * To one.
   *
   * @param packetId the id of the journey, or of the one that all others branched from
   * @param journeys that journey and its branches, in the order in which they ended
   */
  record Matched(long packetId, List<Journey> journeys) implements Match {}

  /**
   * To one of several packets that look alike and passed at nearly the same time.
   *
   * @param packetIds those of the two nearest
   */
  record Ambiguous(List<Long> packetIds) implements Match {}

  /** To none that was seen. */
  record Unmatched() implements Match {}
}
