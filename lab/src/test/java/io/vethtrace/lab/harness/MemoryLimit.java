package io.vethtrace.lab.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A control group that limits the memory of its processes. Since 5.11 the limit includes BPF maps.
 */
public final class MemoryLimit implements AutoCloseable {
  /**
   * The layouts of versions 2 and 1: the folder that groups are made in, and the file that takes
   * the limit.
   */
  private static final Map<Path, String> LAYOUTS =
      Map.of(
          Path.of("/sys/fs/cgroup/memory"), "memory.limit_in_bytes",
          Path.of("/sys/fs/cgroup"), "memory.max");

  private final Path group;

  private MemoryLimit(Path group) {
    this.group = group;
  }

  public static MemoryLimit of(long bytes) throws IOException {
    for (Map.Entry<Path, String> layout : LAYOUTS.entrySet()) {
      Path group = layout.getKey().resolve("vethtrace-test-" + ProcessHandle.current().pid());
      if (make(group, layout.getValue(), bytes)) {
        return new MemoryLimit(group);
      }
    }
    assumeTrue(false, "needs a memory control group that can be written");
    throw new AssertionError("unreachable");
  }

  private static boolean make(Path group, String limitFile, long bytes) throws IOException {
    try {
      Files.createDirectory(group);
    } catch (IOException e) {
      return false;
    }
    Path limit = group.resolve(limitFile);
    if (Files.isWritable(limit)) {
      Files.writeString(limit, Long.toString(bytes));
      return true;
    }
    Files.delete(group);
    return false;
  }

  public Path processes() {
    return group.resolve("cgroup.procs");
  }

  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
