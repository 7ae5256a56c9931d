package io.vethtrace.cli.print;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How text looks where it is read.
 *
 * @param colour whether it has colour, by meaning
 * @param width columns that a line may take
 * @param times how moments are written
 */
public record Style(boolean colour, int width, TimeFormat times) {
  /** Beyond that a paragraph is hard to read. */
  private static final int WIDEST = 120;

  private static final TimeFormat LOCAL = TimeFormat.of(TimeFormat.Kind.LOCAL);

  public static final Style PLAIN = new Style(false, TextLayout.WIDTH, LOCAL);
  public static final Style COLOUR = new Style(true, TextLayout.WIDTH, LOCAL);

  /** For the terminal behind standard output, or for a file. */
  public static Style ofStdout(boolean colour, TimeFormat times) {
    int width = isTerminal(1) ? Math.min(TerminalWidth.ofStdout(), WIDEST) : TextLayout.WIDTH;
    return new Style(colour, width, times);
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
    return colour && !text.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
