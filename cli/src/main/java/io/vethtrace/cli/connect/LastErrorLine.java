package io.vethtrace.cli.connect;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The error message of a child process: the last line of its standard error that begins with the
 * name of the program, or else the last line.
 */
final class LastErrorLine {
  private static final String PREFIX = "vethtraced?: ";

  private final CompletableFuture<Optional<String>> sentence = new CompletableFuture<>();

  private LastErrorLine() {}

  static LastErrorLine of(BufferedReader stderr) {
    LastErrorLine error = new LastErrorLine();
    Thread.ofPlatform().daemon().name("daemon-stderr").start(() -> error.read(stderr));
    return error;
  }

  private void read(BufferedReader stderr) {
    String last = "";
    try (stderr) {
      for (String line = stderr.readLine(); line != null; line = stderr.readLine()) {
        if (!line.isBlank() && (isNamed(line) || !isNamed(last))) {
          last = line.strip();
        }
      }
    } catch (IOException e) {
      // The lines that were read before are used.
    }
    String words = last.replaceFirst("^" + PREFIX, "");
    sentence.complete(words.isEmpty() ? Optional.empty() : Optional.of(words));
  }

  private static boolean isNamed(String line) {
    return line.matches(PREFIX + ".*");
  }

  /**
   * Returns the message. Waits for the end of the stream, which comes with the end of the child.
   */
  Optional<String> sentence() {
    try {
      return sentence.get(1, TimeUnit.SECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      return Optional.empty();
    }
  }
}
