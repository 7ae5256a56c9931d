package io.vethtrace.daemon.kernel.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The capabilities that each thread of a process has or can take back: the union of its
 * inheritable, permitted and effective sets, one bit for each capability. The kernel keeps these
 * sets for each thread.
 *
 * @param ofThreads by thread id
 */
public record TaskCapabilities(Map<Integer, Long> ofThreads) {
  private static final String SETS = "Cap(Inh|Prm|Eff):\\s*([0-9a-f]+)";

  public TaskCapabilities {
    ofThreads = Map.copyOf(ofThreads);
  }

  /** Those of this process's threads at this moment. */
  public static TaskCapabilities ofThisProcess() {
    return read(Path.of("/proc/self"));
  }

  static TaskCapabilities read(Path process) {
    Map<Integer, Long> read = new HashMap<>();
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      tasks.forEach(task -> add(task, read));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TaskCapabilities(read);
  }

  private static void add(Path task, Map<Integer, Long> read) {
    try {
      int tid = Integer.parseInt(String.valueOf(task.getFileName()));
      read.put(tid, union(Files.readString(task.resolve("status"))));
    } catch (IOException e) {
      // The thread has ended since the folder was listed.
    }
  }

  private static long union(String status) {
    return status
        .lines()
        .filter(line -> line.matches(SETS))
        .mapToLong(line -> Long.parseUnsignedLong(line.replaceAll(SETS, "$2"), 16))
        .reduce(0, (a, b) -> a | b);
  }

  /** All that any thread has. */
  public long union() {
    return ofThreads.values().stream().reduce(0L, (a, b) -> a | b);
  }

  /** The threads that have more than these. */
  public Set<Integer> exceeding(long capabilities) {
    return ofThreads.entrySet().stream()
        .filter(thread -> (thread.getValue() & ~capabilities) != 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
