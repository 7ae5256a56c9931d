package io.vethtrace.cli.print;

import java.util.List;
import java.util.stream.Collectors;

/** Quotes a command as one would type it. */
public final class ShellWords {
  private ShellWords() {}

  public static String join(List<String> argv) {
    return argv.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
