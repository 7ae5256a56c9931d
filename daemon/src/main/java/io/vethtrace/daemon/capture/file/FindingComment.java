package io.vethtrace.daemon.capture.file;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A finding about a frame. vethtrace's own captures, which know the kernel's side too, write it
 * into the comment of the frame together with the command that fixes the fault.
 *
 * @param cause its name in model.proto; a file may have any
 * @param confidence OBSERVED or INFERRED
 */
public record FindingComment(String title, String cause, String confidence) {
  /** The prefix of every comment that vethtrace writes. */
  public static final String BY = "vethtrace: ";

  private static final Pattern NOTE =
      Pattern.compile(
          BY
              + "(?<title>.+?) \\((?<cause>[A-Z_]+), (?<confidence>OBSERVED|INFERRED)\\)"
              + "(; fix: .*)?");

  /** The comment of a frame. */
  public String comment(List<String> fix) {
    return BY
        + "%s (%s, %s)%s"
            .formatted(
                title,
                cause,
                confidence,
                fix.isEmpty() ? "" : "; fix: " + String.join(" && ", fix));
  }

  /** Reads a comment; empty if it is not one of vethtrace. */
  static Optional<FindingComment> of(String comment) {
    if (!comment.startsWith(BY)) {
      return Optional.empty();
    }
    Matcher note = NOTE.matcher(comment);
    return note.matches()
        ? Optional.of(
            new FindingComment(note.group("title"), note.group("cause"), note.group("confidence")))
        : Optional.empty();
  }
}
