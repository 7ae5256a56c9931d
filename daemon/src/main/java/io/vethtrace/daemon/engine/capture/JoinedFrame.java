package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.trace.ConversationKey;
import java.util.List;
import java.util.Set;

/**
 * A frame with the comments that the kernel's events make on it.
 *
 * @param kind the count to which it belongs
 * @param packetId the same for all frames of one packet; 0 where it is not known
 * @param conversations the conversations of its packet: a finding on one of them concerns it
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
    /** A drop that the kernel's probe saw, and no tap. */
    DROP
  }
}
