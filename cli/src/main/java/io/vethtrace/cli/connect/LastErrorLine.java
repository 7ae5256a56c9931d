package io.vethtrace.cli.connect;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The sentence with which a child ended: the last line of its standard error that carries the
 * program's name, else the last line.
 */
final class LastErrorLine {
  private static final String PREFIX = "vethtraced?: ";

  private final CompletableFuture<Optional<String>> sentence = new CompletableFuture<>();

  private LastErrorLine() {}

  static LastErrorLine of(BufferedReader stderr) {
    LastErrorLine words = new LastErrorLine();
    Thread.ofPlatform().daemon().name("daemon-stderr").start(() -> words.read(stderr));
    return words;
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
      // What was read until then is what there is.
    }
    String words = last.replaceFirst("^" + PREFIX, "");
    sentence.complete(words.isEmpty() ? Optional.empty() : Optional.of(words));
  }

  private static boolean isNamed(String line) {
    return line.matches(PREFIX + ".*");
  }

  /** Waits for the end of the stream, which the child's end brings. */
  Optional<String> sentence() {
    try {
      return sentence.get(1, TimeUnit.SECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      return Optional.empty();
    }
  }
}
