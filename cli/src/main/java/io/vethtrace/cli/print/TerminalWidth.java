package io.vethtrace.cli.print;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The width of the terminal. */
public final class TerminalWidth {
  private static final int LEAST = 40;
  private static final File TERMINAL = new File("/dev/tty");

  private TerminalWidth() {}

  /**
   * Returns the columns of the terminal behind standard output. Output that is no terminal has no
   * limit. It runs stty, because ioctl(2) needs native code.
   */
  public static int ofStdout() {
    return Style.isTerminal(1) ? Math.max(LEAST, ofTerminal()) : Integer.MAX_VALUE;
  }

  private static int ofTerminal() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      return columns(output);
    } catch (IOException e) {
      return TextLayout.WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return TextLayout.WIDTH;
    }
  }

  /** Reads "24 80", or "0 0" from a terminal that does not know its size. */
  private static int columns(String output) {
    String[] words = output.strip().split(" ", -1);
    boolean known = words.length == 2 && words[1].matches("[1-9]\\d{0,4}");
    return known ? Integer.parseInt(words[1]) : TextLayout.WIDTH;
  }
}
