package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.trace.ConversationKey;
import java.util.List;
import java.util.Set;

/**
 * A frame with what the kernel's events say of it.
 *
 * @param kind what it is to the counts
 * @param packetId the same for all frames of one packet; 0 where it is not known
 * @param conversations those that its packet belongs to: a finding on one of them concerns it
 */
record JoinedFrame(
    CapturedFrame frame,
    Kind kind,
    long packetId,
    List<String> comments,
    Set<ConversationKey> conversations) {

  enum Kind {
    MATCHED,
    AMBIGUOUS,
    UNMATCHED,
    /** No frame of a tap: a drop that the kernel's probe saw. */
    DROP
  }
}
