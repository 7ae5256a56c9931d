package io.vethtrace.daemon.capture.live;

import java.util.List;

/**
 * The journey that a captured frame belongs to, if there is one.
 *
 * @param <F> the facts kept about a journey
 */
public sealed interface FrameJourneyMatch<F> {
  /**
   * The frame belongs to one packet.
   *
   * @param packetId the id of the journey, or of the one that all others branched from
   * @param outcomes the outcomes of that journey and its branches, in the order in which they ended
   */
  record Matched<F>(long packetId, List<F> outcomes) implements FrameJourneyMatch<F> {}

  /**
   * The frame belongs to one of several packets that look alike and passed at nearly the same time.
   *
   * @param packetIds the ids of the two nearest packets
   */
  record Ambiguous<F>(List<Long> packetIds) implements FrameJourneyMatch<F> {}

  /** The frame belongs to no packet that the probes saw. */
  record Unmatched<F>() implements FrameJourneyMatch<F> {}
}
