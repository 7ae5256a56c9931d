package io.vethtrace.cli;

import io.vethtrace.cli.option.GlobalOptions;
import io.vethtrace.cli.print.Style;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams of the program.
 *
 * @param style the look of results
 * @param terminal true if standard output is a terminal
 */
public record Console(PrintStream out, PrintStream err, Style style, boolean terminal) {
  /** Returns this process's own streams. They are UTF-8 in any locale, because text has µ and ✗. */
  public static Console ofProcess() {
    return new Console(
        utf8(FileDescriptor.out), utf8(FileDescriptor.err), Style.PLAIN, Style.isTerminal(1));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Returns the same streams with the style that the options ask for. */
  Console styled(GlobalOptions options) {
    Style styled = Style.ofStdout(options.colour(terminal), options.times());
    return new Console(out, err, styled, terminal);
  }

  /** Prints an error or a warning. All of this program's have this form. */
  public void complain(String sentence) {
    err.println("vethtrace: " + sentence);
  }
}
