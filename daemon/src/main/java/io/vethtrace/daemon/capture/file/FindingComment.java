package io.vethtrace.daemon.capture.file;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That a fault was found which a frame met. A capture of vethtrace, which saw the kernel too, says
 * so in the frame's comment, with the command that mends it. Of a file that is read the command is
 * not taken: anybody may have written it.
 *
 * @param cause its name in model.proto; a file may have any
 * @param confidence OBSERVED or INFERRED
 */
public record FindingComment(String title, String cause, String confidence) {
  /** What every comment of ours begins with. */
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

  /** What the comment says; empty where it is another. */
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
