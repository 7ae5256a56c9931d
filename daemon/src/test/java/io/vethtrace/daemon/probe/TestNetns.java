package io.vethtrace.daemon.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network namespace of the test's own, with lo up. */
record TestNetns(String name) implements AutoCloseable {
  static TestNetns create() throws IOException, InterruptedException {
    TestNetns netns = new TestNetns("vt-probe-" + ProcessHandle.current().pid());
    Native.run("ip", "netns", "add", netns.name);
    netns.run("ip", "link", "set", "lo", "up");
    return netns;
  }

  /** ns_common.inum, as events have it. */
  int inode() throws IOException {
    return (int) (long) (Long) Files.getAttribute(Path.of("/run/netns", name), "unix:ino");
  }

  String run(String... command) throws IOException, InterruptedException {
    String[] inside = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", name}, 0, inside, 0, 4);
    System.arraycopy(command, 0, inside, 4, command.length);
    return Native.run(inside);
  }

  @Override
  public void close() throws IOException {
    try {
      Native.run("ip", "netns", "del", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
