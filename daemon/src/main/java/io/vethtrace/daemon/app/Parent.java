package io.vethtrace.daemon.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command-line process that started this daemon for itself, at the other end of standard input.
 * It says {@code follow PID} when it has started a command and {@code done} when that has ended.
 * When it is gone, however it died, a command that still runs is ended with its descendants.
 */
final class Parent {
  private final BufferedReader words;
  private @Nullable ProcessHandle followed;

  Parent(InputStream input) {
    words = new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII));
  }

  /** Returns when the parent is gone. */
  void awaitEnd() {
    try {
      for (String line = words.readLine(); line != null; line = words.readLine()) {
        hear(line);
      }
    } catch (IOException e) {
      // A pipe that cannot be read has no parent behind it any more.
      System.getLogger("vethtrace").log(System.Logger.Level.DEBUG, "standard input", e);
    }
    endFollowed();
  }

  private void hear(String line) {
    if (line.startsWith("follow ")) {
      pid(line).ifPresent(pid -> followed = ProcessHandle.of(pid).orElse(null));
    } else if (line.equals("done")) {
      followed = null;
    }
  }

  private static Optional<Long> pid(String line) {
    try {
      return Optional.of(Long.parseLong(line.substring("follow ".length())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void endFollowed() {
    ProcessHandle command = followed;
    if (command != null && command.isAlive()) {
      List<ProcessHandle> all = Stream.concat(Stream.of(command), command.descendants()).toList();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
