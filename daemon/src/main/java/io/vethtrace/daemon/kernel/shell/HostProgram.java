package io.vethtrace.daemon.kernel.shell;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program of the host in the calling thread's namespace, which a child inherits. */
public final class HostProgram {
  /** A service's PATH may lack the directories of administration. */
  private static final List<String> DIRECTORIES =
      List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin");

  private static final int LIMIT_S = 20;

  private HostProgram() {}

  /** Its standard output; empty where it is not installed, failed, or took too long. */
  public static Optional<String> output(String name, String... arguments) {
    return directories()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .flatMap(file -> run(file, List.of(arguments)));
  }

  private static Stream<Path> directories() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(DIRECTORIES.stream(), Stream.of(path.split(File.pathSeparator, -1)))
        .filter(directory -> directory.startsWith("/"))
        .map(Path::of);
  }

  private static Optional<String> run(Path file, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(new File("/dev/null"))
              .start();
      return output(process);
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  // A watchdog ends it, not the reader: one that reads cannot wait with a limit.
  private static Optional<String> output(Process process) throws IOException, InterruptedException {
    Thread watchdog =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                process.destroyForcibly();
              }
            });
    try (var out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
    } finally {
      watchdog.interrupt();
    }
  }
}
