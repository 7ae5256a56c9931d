package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A map that this process created and owns. */
public final class BpfMap implements AutoCloseable {
  /** {@code enum bpf_map_type}, include/uapi/linux/bpf.h. */
  public enum Type {
    PERCPU_ARRAY(6),
    RINGBUF(27);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  private static final int CLOSED = -1;

  private final Libbpf libbpf;
  private final int valueBytes;
  private int fd;

  BpfMap(Libbpf libbpf, int fd, int valueBytes) {
    this.libbpf = libbpf;
    this.fd = fd;
    this.valueBytes = valueBytes;
  }

  /** The descriptor, for mapping and waiting. */
  public int fd() {
    if (fd == CLOSED) {
      throw new IllegalStateException("the map is closed");
    }
    return fd;
  }

  /**
   * The value of a per-CPU array, read as unsigned 64-bit fields, each summed over all possible
   * CPUs.
   */
  public long[] sumOverCpus(int key) {
    int fields = valueBytes / Long.BYTES;
    long[] sums = new long[fields];
    try (Arena arena = Arena.ofConfined()) {
      long values = (long) fields * libbpf.possibleCpus();
      MemorySegment all = arena.allocate(JAVA_LONG, values);
      libbpf.check(
          "bpf_map_lookup_elem",
          libbpf.c().bpf_map_lookup_elem(fd(), arena.allocateFrom(JAVA_INT, key), all));
      for (int i = 0; i < values; i++) {
        sums[i % fields] += all.getAtIndex(JAVA_LONG, i);
      }
    }
    return sums;
  }

  @Override
  public void close() {
    if (fd != CLOSED) {
      libbpf.libc().close(fd);
      fd = CLOSED;
    }
  }
}
