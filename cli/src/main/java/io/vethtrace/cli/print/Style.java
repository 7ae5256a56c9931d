package io.vethtrace.cli.print;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The look of text.
 *
 * @param colour true if text has colours
 * @param width the columns that a line may take
 * @param times the format of times
 */
public record Style(boolean colour, int width, TimeFormat times) {
  /** The most columns of a paragraph that is easy to read. */
  private static final int WIDEST = 120;

  private static final TimeFormat LOCAL = TimeFormat.of(TimeFormat.Clock.LOCAL);

  public static final Style PLAIN = new Style(false, TextLayout.WIDTH, LOCAL);
  public static final Style COLOUR = new Style(true, TextLayout.WIDTH, LOCAL);

  /** Returns the style for standard output, a terminal or a file. */
  public static Style ofStdout(boolean colour, TimeFormat times) {
    int width = isTerminal(1) ? Math.min(TerminalWidth.ofStdout(), WIDEST) : TextLayout.WIDTH;
    return new Style(colour, width, times);
  }

  /** Looks at the device behind the descriptor, because isatty(3) needs native code. */
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
