package io.vethtrace.lab.harness;

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
 * A program that runs in a session of its own, as in a terminal: one signal reaches it and all its
 * children. Its output goes to files, so that the test does not have to read it meanwhile.
 */
public final class ProcessSession implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final List<String> command;
  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private ProcessSession(List<String> command, Process process, Path stdout, Path stderr) {
    this.command = command;
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  public static ProcessSession start(String... command) {
    return start(List.of(command));
  }

  /**
   * Starts a program with the default action for SIGINT: a shell that runs tests in the background
   * ignores SIGINT, and children inherit that.
   */
  public static ProcessSession start(List<String> command) {
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
      return new ProcessSession(List.copyOf(command), process, stdout, stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public Optional<ProcessHandle> descendant(String argument) {
    return process
        .descendants()
        .filter(child -> ProcessArguments.of(child).contains(argument))
        .findFirst();
  }

  public void signalGroup(String signal) {
    ProcessResult.of("kill", "-" + signal, "--", "-" + process.pid());
  }

  public String stdout() {
    return read(stdout);
  }

  public String stderr() {
    return read(stderr);
  }

  public ProcessResult finish(Duration limit) {
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "still running after %s: %s%n%s".formatted(limit, command, stderr()));
      }
      return new ProcessResult(command, process.exitValue(), stdout(), stderr());
    } catch (InterruptedException e) {
      throw new IllegalStateException("waiting for " + command, e);
    }
  }

  public ProcessResult finish() {
    return finish(TIMEOUT);
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
