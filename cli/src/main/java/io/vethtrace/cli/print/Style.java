package io.vethtrace.cli.print;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Colour by meaning, where there is a terminal to show it. */
public enum Style {
  PLAIN,
  COLOUR;

  /** Colour only where standard output is a terminal and NO_COLOR (no-color.org) is not set. */
  public static Style ofStdout() {
    String noColor = Optional.ofNullable(System.getenv("NO_COLOR")).orElse("");
    return noColor.isEmpty() && isTerminal(1) ? COLOUR : PLAIN;
  }

  /** By the device behind the descriptor: asking isatty(3) would need native code. */
  public static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.matches("/dev/(pts/.*|tty.*|console|hvc.*)");
    } catch (IOException e) {
      return false;
    }
  }

  String bad(String text) {
    return wrap("1;31", text);
  }

  String good(String text) {
    return wrap("1;32", text);
  }

  String warning(String text) {
    return wrap("33", text);
  }

  String label(String text) {
    return wrap("1", text);
  }

  String command(String text) {
    return wrap("36", text);
  }

  String faint(String text) {
    return wrap("2", text);
  }

  private String wrap(String code, String text) {
    return this == COLOUR && !text.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
