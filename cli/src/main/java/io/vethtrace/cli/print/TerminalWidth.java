package io.vethtrace.cli.print;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How many columns tables may take. */
public final class TerminalWidth {
  private static final int LEAST = 40;
  private static final File TERMINAL = new File("/dev/tty");

  private TerminalWidth() {}

  /**
   * Those of the terminal behind standard output; where that is none, as many as it takes: whoever
   * reads the lines then cuts them better. Asked of stty, as ioctl(2) would need native code.
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
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      return columns(said);
    } catch (IOException e) {
      return TextLayout.WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return TextLayout.WIDTH;
    }
  }

  /** "24 80"; a terminal that does not know says "0 0". */
  private static int columns(String said) {
    String[] words = said.strip().split(" ", -1);
    boolean known = words.length == 2 && words[1].matches("[1-9]\\d{0,4}");
    return known ? Integer.parseInt(words[1]) : TextLayout.WIDTH;
  }
}
