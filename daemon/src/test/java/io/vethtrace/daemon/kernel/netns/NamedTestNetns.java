package io.vethtrace.daemon.kernel.netns;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of the test's own, with a name under /run/netns. */
final class NamedTestNetns implements AutoCloseable {
  private static final AtomicInteger LAST = new AtomicInteger();

  private final String name =
      "vt-test-" + ProcessHandle.current().pid() + "-" + LAST.incrementAndGet();

  NamedTestNetns() {
    assumeRoot();
    run("ip netns add " + name);
  }

  static void assumeRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
  }

  String name() {
    return name;
  }

  int inode() {
    return NsfsInode.of(Path.of("/run/netns", name)).orElseThrow();
  }

  /** Runs a shell command inside. */
  String inside(String command) {
    return run("ip netns exec " + name + " " + command);
  }

  /** Runs a shell command where the test runs, and returns what it printed. */
  static String run(String command) {
    try {
      Process shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
      String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (shell.waitFor() != 0) {
        throw new AssertionError(command + ": " + output);
      }
      return output.strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(command, e);
    }
  }

  @Override
  public void close() {
    if (Files.exists(Path.of("/run/netns", name))) {
      run("ip netns del " + name);
    }
  }
}
