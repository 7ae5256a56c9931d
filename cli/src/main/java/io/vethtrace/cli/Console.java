package io.vethtrace.cli;

import io.vethtrace.cli.option.GlobalOptions;
import io.vethtrace.cli.print.Style;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where results and sentences go.
 *
 * @param style how results look
 * @param terminal whether a person watches standard output
 */
public record Console(PrintStream out, PrintStream err, Style style, boolean terminal) {
  /**
   * This process's own streams, in UTF-8 whatever the locale says: µ and ✗ are part of the text.
   */
  public static Console ofProcess() {
    return new Console(
        utf8(FileDescriptor.out), utf8(FileDescriptor.err), Style.PLAIN, Style.isTerminal(1));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The same streams, as the options want them to look. */
  Console styled(GlobalOptions options) {
    Style wanted = Style.ofStdout(options.colour(terminal), options.times());
    return new Console(out, err, wanted, terminal);
  }

  /** The only form in which this program complains. */
  public void complain(String sentence) {
    err.println("vethtrace: " + sentence);
  }
}
