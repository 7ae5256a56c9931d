package io.vethtrace.cli.investigate;

import io.vethtrace.cli.exit.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Checks that a command can run, before anything is attached to the kernel for it. */
public final class Executables {
  private Executables() {}

  /** Throws a {@link Failure} if the command does not exist or is not executable. */
  public static void require(String name) {
    if (name.contains("/")) {
      requirePath(name);
    } else if (!isOnPath(name)) {
      throw Failure.usage("cannot run '%s': no such command in PATH".formatted(name));
    }
  }

  private static void requirePath(String name) {
    Path path = Path.of(name);
    if (!Files.exists(path)) {
      throw Failure.usage("cannot run '%s': no such file".formatted(name));
    }
    if (!isProgram(path)) {
      throw Failure.usage("cannot run '%s': not an executable file".formatted(name));
    }
  }

  private static boolean isOnPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/bin:/usr/bin");
    return !name.isEmpty()
        && Arrays.stream(path.split(":", -1))
            .anyMatch(directory -> isProgram(Path.of(directory).resolve(name)));
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
