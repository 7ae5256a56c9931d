package io.vethtrace.lab.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Assumptions about this machine: a test that needs more is skipped, and says why. */
public final class MachineRequirements {
  private MachineRequirements() {}

  public static void assumeRoot() {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "needs root: tracing and network namespaces");
  }

  /** The reason why this machine cannot boot guests. */
  public static final String NO_GUESTS =
      "guests need an x86-64 machine with QEMU: install qemu-system-x86";

  public static boolean hasGuests() {
    return onPath("qemu-system-x86_64") && "amd64".equals(System.getProperty("os.arch"));
  }

  public static void assumeProgram(String name) {
    assumeTrue(onPath(name), "needs the program " + name);
  }

  private static boolean onPath(String name) {
    String path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }
}
