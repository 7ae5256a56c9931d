package io.vethtrace.daemon.diagnose;

import java.util.List;

/**
 * Commands that cure a fault.
 *
 * @param commands run as they stand in a shell on the host, as root, in this order
 * @param note what they open up or change besides
 */
public record Fix(List<String> commands, String note) {
  public Fix {
    commands = List.copyOf(commands);
  }
}
