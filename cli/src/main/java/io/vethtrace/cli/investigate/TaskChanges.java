package io.vethtrace.cli.investigate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Detects with one short read if a process or thread began or ended on this machine. The last words
 * of /proc/loadavg, {@code 2/345 67890}, are the number of running tasks, the number of all tasks,
 * and the last PID (fs/proc/loadavg.c, 6.18).
 */
final class TaskChanges implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final int LINE_BYTES = 128;

  private final Optional<FileChannel> loadavg;
  private final ByteBuffer line = ByteBuffer.allocateDirect(LINE_BYTES);
  private String before = "";

  private TaskChanges(Optional<FileChannel> loadavg) {
    this.loadavg = loadavg;
  }

  static TaskChanges open() {
    return of(PROC.resolve("loadavg"));
  }

  static TaskChanges of(Path file) {
    try {
      // A container may have a file of lxcfs there, which changes only every few seconds.
      boolean isKernels = device(file).equals(device(PROC));
      return new TaskChanges(isKernels ? Optional.of(FileChannel.open(file)) : Optional.empty());
    } catch (IOException e) {
      return new TaskChanges(Optional.empty());
    }
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }

  /** Returns true if there was a change since the last call, or if this cannot be known. */
  boolean happened() {
    String now = loadavg.map(this::tasks).orElse("");
    boolean same = !now.isEmpty() && now.equals(before);
    before = now;
    return !same;
  }

  /** Returns "345 67890"; empty if the file cannot be read. */
  private String tasks(FileChannel file) {
    try {
      line.clear();
      file.read(line, 0);
      String text = StandardCharsets.US_ASCII.decode(line.flip()).toString();
      return text.substring(text.indexOf('/') + 1);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    try {
      if (loadavg.isPresent()) {
        loadavg.get().close();
      }
    } catch (IOException e) {
      // The file was only read.
    }
  }
}
