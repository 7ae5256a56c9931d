package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A shell command that runs in the background of a fault, such as one that makes other traffic. Its
 * first line of output says that it is ready. SIGTERM ends it.
 */
final class BackgroundCommand implements AutoCloseable {
  private static final int EXIT_TIMEOUT_S = 30;

  private final Process process;
  private final BufferedReader output;
  private final String firstLine;

  private BackgroundCommand(Process process, BufferedReader output, String firstLine) {
    this.process = process;
    this.output = output;
    this.firstLine = firstLine;
  }

  /** Starts the command and waits for its first line. Fails if the command ends without one. */
  static BackgroundCommand start(String command, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", "exec " + command)
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      BufferedReader output = process.inputReader();
      String firstLine = output.readLine();
      if (firstLine == null) {
        throw Failure.notPossible("'%s' ended before it was ready".formatted(command));
      }
      return new BackgroundCommand(process, output, firstLine);
    } catch (IOException e) {
      throw Failure.notPossible("cannot run sh: " + e.getMessage());
    }
  }

  /** Ends the command and returns its whole output on one line. */
  String stop() {
    // Process.destroy would close the output as well (java.lang.ProcessImpl).
    process.toHandle().destroy();
    try {
      return output.lines().map(line -> "; " + line).collect(Collectors.joining("", firstLine, ""));
    } catch (UncheckedIOException e) {
      return firstLine; // SIGTERM ended the command while its output was read
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }
}
