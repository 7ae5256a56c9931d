package io.vethtrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of a test's own. */
public record CliTestNetns(String name) implements AutoCloseable {
  private static final AtomicInteger NEXT = new AtomicInteger(1);

  public static CliTestNetns make() {
    CliTestNetns netns =
        new CliTestNetns(
            "vt-cli-%d-%d".formatted(ProcessHandle.current().pid(), NEXT.getAndIncrement()));
    if (run("ip", "netns", "add", netns.name) != 0) {
      throw new IllegalStateException("cannot make " + netns);
    }
    return netns;
  }

  /** Returns true if this user may make a namespace and has the tool for it. */
  public static boolean canBeMade() {
    return run("unshare", "-n", "ip", "link") == 0;
  }

  public long inode() {
    try {
      return (Long) Files.getAttribute(Path.of("/run/netns", name), "unix:ino");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("ip", "netns", "del", name);
  }
}
