package io.vethtrace.daemon.capture.compare;

import java.util.List;

/** The frame of another capture point that is the same packet, if there is one. */
public sealed interface CapturePointMatch {
  /**
   * This one.
   *
   * @param sameBytes false where only its fingerprint is the same: NAT or a router changed it, or
   *     one capture kept less of it
   */
  record Matched(FrameRecord other, boolean sameBytes) implements CapturePointMatch {}

  /** One of these: they are alike, and neither time nor order tells them apart. */
  record Ambiguous(List<FrameRecord> between) implements CapturePointMatch {
    public Ambiguous {
      between = List.copyOf(between);
    }
  }

  /** None. */
  record Unmatched(Why why) implements CapturePointMatch {}

  /** The reason why no frame matches. */
  enum Why {
    /** Its file keeps no time of it. */
    NO_TIME,
    /** It is older than the first frame there. */
    BEFORE_IT_BEGAN,
    /** It is younger than the last frame there. */
    AFTER_IT_ENDED,
    /** The same bytes are there, more than {@link FrameAlignment#MAX_APART_NS} away. */
    ANOTHER_TIME,
    /** There were frames before and after it, and it was not among them. */
    NOT_SEEN
  }
}
