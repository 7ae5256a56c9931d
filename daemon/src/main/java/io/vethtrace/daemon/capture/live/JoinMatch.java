package io.vethtrace.daemon.capture.live;

import java.util.List;

/**
 * Which packet's journey a captured frame belongs to.
 *
 * @param <F> what is known of a journey
 */
public sealed interface JoinMatch<F> {
  /**
   * To one.
   *
   * @param packetId the id of the journey, or of the one that all others branched from
   * @param fates of that journey and its branches, in the order in which they ended
   */
  record Matched<F>(long packetId, List<F> fates) implements JoinMatch<F> {}

  /**
   * To one of several packets that look alike and passed at nearly the same time.
   *
   * @param packetIds those of the two nearest
   */
  record Ambiguous<F>(List<Long> packetIds) implements JoinMatch<F> {}

  /** To none that was seen. */
  record Unmatched<F>() implements JoinMatch<F> {}
}
