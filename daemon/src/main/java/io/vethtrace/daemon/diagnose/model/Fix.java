package io.vethtrace.daemon.diagnose.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * Commands that remove a fault.
 *
 * @param commands run as they stand in a shell on the host, as root, in this order
 * @param note what they open up or change besides
 */
public record Fix(List<String> commands, String note) {
  public Fix {
    commands = List.copyOf(commands);
  }

  /**
   * This fix for the packets of {@code other} too: where both begin alike, with what the other one
   * needs besides.
   */
  Fix with(Fix other) {
    return commands.getFirst().equals(other.commands.getFirst())
        ? new Fix(
            Stream.concat(commands.stream(), other.commands.stream()).distinct().toList(), note)
        : this;
  }

  /** This fix with one more command at its end. */
  public Fix and(String command) {
    return new Fix(Stream.concat(commands.stream(), Stream.of(command)).toList(), note);
  }
}
