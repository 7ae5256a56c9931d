package io.vethtrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, with its own streams and signals. */
public final class CliProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  /** The exit code and the output of the process. */
  public record Result(int exitCode, String out, String err) {}

  private final Process process;
  private final CompletableFuture<String> out;
  private final CompletableFuture<String> err;

  private CliProcess(Process process) {
    this.process = process;
    this.out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
    this.err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
  }

  /** A shell that runs tests in the background leaves SIGINT ignored, and children inherit that. */
  public static CliProcess start(Map<String, String> environment, String... args) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(javaCommand(Vethtrace.class));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("VETHTRACE_SERVER", "VETHTRACE_HOME"));
    builder.environment().putAll(environment);
    try {
      return new CliProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a class of these tests or of the program in a JVM of its own, quickly. */
  static List<String> javaCommand(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        main.getName());
  }

  public static Result run(String... args) {
    try (CliProcess cli = start(Map.of(), args)) {
      return cli.result("");
    }
  }

  public Result result(String stdin) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(stdin.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It does not read.
    }
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new Result(process.exitValue(), out.join(), err.join());
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  private static String read(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
