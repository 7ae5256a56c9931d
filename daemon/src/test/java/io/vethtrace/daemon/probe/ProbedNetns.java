package io.vethtrace.daemon.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network namespace of the test's own, with lo up. */
public record ProbedNetns(String name) implements AutoCloseable {
  public static ProbedNetns create() throws IOException, InterruptedException {
    ProbedNetns netns = new ProbedNetns("vt-probe-" + ProcessHandle.current().pid());
    RunningKernel.run("ip", "netns", "add", netns.name);
    netns.run("ip", "link", "set", "lo", "up");
    return netns;
  }

  /** ns_common.inum, as events have it. */
  public int inode() throws IOException {
    return (int) (long) (Long) Files.getAttribute(Path.of("/run/netns", name), "unix:ino");
  }

  public String run(String... command) throws IOException, InterruptedException {
    String[] inside = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", name}, 0, inside, 0, 4);
    System.arraycopy(command, 0, inside, 4, command.length);
    return RunningKernel.run(inside);
  }

  @Override
  public void close() throws IOException {
    try {
      RunningKernel.run("ip", "netns", "del", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
