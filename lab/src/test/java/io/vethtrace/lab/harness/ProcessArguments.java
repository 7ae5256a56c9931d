package io.vethtrace.lab.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the arguments of running processes. */
public final class ProcessArguments {
  private static final Pattern NUL = Pattern.compile("\0");

  private ProcessArguments() {}

  /** Returns the arguments; empty if the process has ended. */
  public static List<String> of(ProcessHandle process) {
    try {
      Path file = Path.of("/proc/%d/cmdline".formatted(process.pid()));
      return NUL.splitAsStream(Files.readString(file, UTF_8)).toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
