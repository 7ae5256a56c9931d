package io.vethtrace.daemon.capture.file;

import java.util.Optional;

/**
 * A packet that the kernel dropped before any interface saw it. A capture of vethtrace has it among
 * its frames, from the bytes that the probe took, and its comment says so.
 */
public final class UnseenDrop {
  private static final String END = "; no interface saw this packet, the kernel's probe did";

  private UnseenDrop() {}

  /** The comment of a packet of which {@code what} became. */
  public static String comment(String what) {
    return FindingComment.BY + what + END;
  }

  /** Reads the outcome from a comment; empty if the comment is another one. */
  static Optional<String> what(String comment) {
    return comment.startsWith(FindingComment.BY) && comment.endsWith(END)
        ? Optional.of(
            comment.substring(FindingComment.BY.length(), comment.length() - END.length()))
        : Optional.empty();
  }
}
