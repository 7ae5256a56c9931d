package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A map that this process created and owns. */
public final class BpfMap implements AutoCloseable {
  /** {@code enum bpf_map_type}, include/uapi/linux/bpf.h. */
  public enum Type {
    PERCPU_HASH(5),
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
  private final int keyBytes;
  private final int valueBytes;
  private int fd;

  BpfMap(Libbpf libbpf, int fd, int keyBytes, int valueBytes) {
    this.libbpf = libbpf;
    this.fd = fd;
    this.keyBytes = keyBytes;
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

  /**
   * The values of all possible CPUs for {@code key}, one behind the other, in the machine's byte
   * order; empty where a hash has no such key. A value is as long as the map's rounded up to 8.
   */
  public Optional<ByteBuffer> valuesOfCpus(byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values =
          arena.allocate((long) bytesOfCpu() * libbpf.possibleCpus(), Long.BYTES);
      int result = libbpf.c().bpf_map_lookup_elem(fd(), arena.allocateFrom(JAVA_BYTE, key), values);
      if (result == -Errno.ENOENT) {
        return Optional.empty();
      }
      libbpf.check("bpf_map_lookup_elem", result);
      return Optional.of(ByteBuffer.wrap(values.toArray(JAVA_BYTE)).order(ByteOrder.nativeOrder()));
    }
  }

  /** How far one CPU's value is from the next one's. */
  public int bytesOfCpu() {
    return valueBytes + 7 & ~7;
  }

  /**
   * The keys of a hash, as they stand: one that comes meanwhile may be missing. Nothing else may
   * delete while they are read, as the kernel then begins from the start again
   * (htab_map_get_next_key, kernel/bpf/hashtab.c).
   */
  public List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(keyBytes, Long.BYTES);
      int result = libbpf.c().bpf_map_get_next_key(fd(), MemorySegment.NULL, key);
      while (result == 0) {
        keys.add(key.toArray(JAVA_BYTE));
        result = libbpf.c().bpf_map_get_next_key(fd(), key, key);
      }
      if (result != -Errno.ENOENT) {
        libbpf.check("bpf_map_get_next_key", result);
      }
    }
    return keys;
  }

  /** Deletes from a hash: false where it had no such key. */
  public boolean delete(byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      int result = libbpf.c().bpf_map_delete_elem(fd(), arena.allocateFrom(JAVA_BYTE, key));
      if (result == -Errno.ENOENT) {
        return false;
      }
      libbpf.check("bpf_map_delete_elem", result);
      return true;
    }
  }

  @Override
  public void close() {
    if (fd != CLOSED) {
      libbpf.libc().close(fd);
      fd = CLOSED;
    }
  }
}
