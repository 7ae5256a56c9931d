package io.vethtrace.lab;

import java.time.Duration;
import java.util.List;

/** What a program left. */
record Finished(List<String> command, int exitCode, String stdout, String stderr) {
  static Finished of(String... command) {
    try (Running running = Running.start(command)) {
      return running.finish();
    }
  }

  static Finished of(Duration limit, List<String> command) {
    try (Running running = Running.start(command)) {
      return running.finish(limit);
    }
  }
}
