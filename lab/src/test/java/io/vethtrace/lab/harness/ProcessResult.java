package io.vethtrace.lab.harness;

import java.time.Duration;
import java.util.List;

/** The result of a program that has ended. */
public record ProcessResult(List<String> command, int exitCode, String stdout, String stderr) {
  public static ProcessResult of(String... command) {
    try (ProcessSession running = ProcessSession.start(command)) {
      return running.finish();
    }
  }

  public static ProcessResult of(Duration limit, List<String> command) {
    try (ProcessSession running = ProcessSession.start(command)) {
      return running.finish(limit);
    }
  }
}
