package io.vethtrace.daemon.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command-line process that started this daemon for itself, at the other end of standard input.
 * It says {@code follow PID} when it has started a command and {@code done PID} when that has
 * ended. When it is gone, however it died, commands that still run are ended with their
 * descendants.
 */
final class ParentProcess {
  private static final String FOLLOW = "follow ";
  private static final String DONE = "done ";

  private final BufferedReader words;
  private final Map<Long, ProcessHandle> followed = new HashMap<>();

  ParentProcess(InputStream input) {
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
    if (line.startsWith(FOLLOW)) {
      pid(line, FOLLOW)
          .flatMap(ProcessHandle::of)
          .ifPresent(command -> followed.put(command.pid(), command));
    } else if (line.startsWith(DONE)) {
      pid(line, DONE).ifPresent(followed::remove);
    }
  }

  private static Optional<Long> pid(String line, String word) {
    try {
      return Optional.of(Long.parseLong(line.substring(word.length())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void endFollowed() {
    List<ProcessHandle> all =
        followed.values().stream()
            .filter(ProcessHandle::isAlive)
            .flatMap(command -> Stream.concat(Stream.of(command), command.descendants()))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
