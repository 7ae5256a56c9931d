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
 * A shell line that runs beside a fault, such as one that makes other traffic. Its first line of
 * output says that it is ready; closing ends it by SIGTERM.
 */
final class Beside implements AutoCloseable {
  private static final int PATIENCE_S = 30;

  private final Process process;
  private final BufferedReader output;
  private final String ready;

  private Beside(Process process, BufferedReader output, String ready) {
    this.process = process;
    this.output = output;
    this.ready = ready;
  }

  /** Waits until it is ready. Fails where it ends before. */
  static Beside start(String line, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", "exec " + line)
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      BufferedReader output = process.inputReader();
      String ready = output.readLine();
      if (ready == null) {
        throw Failure.notPossible("'%s' ended before it was ready".formatted(line));
      }
      return new Beside(process, output, ready);
    } catch (IOException e) {
      throw Failure.notPossible("cannot run sh: " + e.getMessage());
    }
  }

  /** Ends it and returns what it printed, in one line. */
  String end() {
    // Process.destroy would close its output, too (java.lang.ProcessImpl).
    process.toHandle().destroy();
    try {
      return output.lines().map(line -> "; " + line).collect(Collectors.joining("", ready, ""));
    } catch (UncheckedIOException e) {
      return ready; // it went away as it was told to
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }
}
