package io.vethtrace.daemon.probe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Preconditions and traffic for tests on the running kernel. */
public final class RunningKernel {
  private RunningKernel() {}

  public static void requireRoot() throws IOException {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    assumeTrue(Integer.valueOf(0).equals(uid), "loads BPF programs, which needs root");
  }

  /** Runs a command that must succeed, and returns what it printed. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  /**
   * The programs, links, maps, events and pollers that this process holds: what its descriptors are
   * is all that keeps them in the kernel.
   */
  public static List<String> heldInKernel() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(RunningKernel::target)
          .filter(t -> t.startsWith("anon_inode:"))
          .sorted()
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed meanwhile"; // the listing's own descriptor
    }
  }
}
