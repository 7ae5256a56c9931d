package io.vethtrace.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that runs in a session of its own, as under a terminal: one signal reaches it and all
 * it started. Its output goes to files, so that nobody has to read along.
 */
final class Running implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> command;
  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private Running(List<String> command, Process process, Path stdout, Path stderr) {
    this.command = command;
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  static Running start(String... command) {
    return start(List.of(command));
  }

  /** A shell that runs tests in the background leaves SIGINT ignored, and children inherit that. */
  static Running start(List<String> command) {
    List<String> inSession =
        Stream.concat(
                Stream.of("setsid", "env", "-u", "VETHTRACE_SERVER", "--default-signal=INT"),
                command.stream())
            .toList();
    try {
      Path stdout = Files.createTempFile("vethtrace-test", ".stdout");
      Path stderr = Files.createTempFile("vethtrace-test", ".stderr");
      Process process =
          new ProcessBuilder(inSession)
              .directory(Installation.root().toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile())
              .start();
      return new Running(List.copyOf(command), process, stdout, stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  Optional<ProcessHandle> descendant(String argument) {
    return process
        .descendants()
        .filter(child -> CommandLines.of(child).contains(argument))
        .findFirst();
  }

  void signalGroup(String signal) {
    Finished.of("kill", "-" + signal, "--", "-" + process.pid());
  }

  String stdout() {
    return read(stdout);
  }

  String stderr() {
    return read(stderr);
  }

  Finished finish(Duration limit) {
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "still running after %s: %s%n%s".formatted(limit, command, stderr()));
      }
      return new Finished(command, process.exitValue(), stdout(), stderr());
    } catch (InterruptedException e) {
      throw new IllegalStateException("waiting for " + command, e);
    }
  }

  Finished finish() {
    return finish(PATIENCE);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      Files.deleteIfExists(stdout);
      Files.deleteIfExists(stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
