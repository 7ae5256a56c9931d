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

  private final LibbpfCalls libbpf;
  private final int keyBytes;
  private final int valueBytes;
  private int fd;

  BpfMap(LibbpfCalls libbpf, int fd, int keyBytes, int valueBytes) {
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
   * A key, with the values of all possible CPUs one behind the other, each as long as the map's
   * rounded up to 8; all in the machine's byte order.
   */
  public record Entry(ByteBuffer key, ByteBuffer valuesOfCpus) {}

  /** The entry of {@code key}; empty where a hash has no such key. */
  public Optional<Entry> entry(byte[] key) {
    return entries(List.of(key)).stream().findFirst();
  }

  /**
   * The entries of a hash, as they stand: one that comes meanwhile may be missing. Nothing else may
   * delete while they are read, as the kernel then begins from the start again
   * (htab_map_get_next_key, kernel/bpf/hashtab.c).
   */
  public List<Entry> entries() {
    return entries(keys());
  }

  /** Reads the entries of these keys into memory that is allocated once: there may be thousands. */
  private List<Entry> entries(List<byte[]> keys) {
    List<Entry> entries = new ArrayList<>(keys.size());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(keyBytes, Long.BYTES);
      long bytesOfCpu = valueBytes + 7L & ~7L;
      MemorySegment values = arena.allocate(bytesOfCpu * libbpf.possibleCpus(), Long.BYTES);
      for (byte[] bytes : keys) {
        MemorySegment.copy(bytes, 0, key, JAVA_BYTE, 0, keyBytes);
        int result = libbpf.c().bpf_map_lookup_elem(fd(), key, values);
        if (result != -BpfErrno.ENOENT) {
          libbpf.check("bpf_map_lookup_elem", result);
          entries.add(new Entry(copy(key), copy(values)));
        }
      }
    }
    return entries;
  }

  private static ByteBuffer copy(MemorySegment memory) {
    return ByteBuffer.wrap(memory.toArray(JAVA_BYTE)).order(ByteOrder.nativeOrder());
  }

  private List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(keyBytes, Long.BYTES);
      int result = libbpf.c().bpf_map_get_next_key(fd(), MemorySegment.NULL, key);
      while (result == 0) {
        keys.add(key.toArray(JAVA_BYTE));
        result = libbpf.c().bpf_map_get_next_key(fd(), key, key);
      }
      if (result != -BpfErrno.ENOENT) {
        libbpf.check("bpf_map_get_next_key", result);
      }
    }
    return keys;
  }

  /** Deletes from a hash: false where it had no such key. */
  public boolean delete(byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      int result = libbpf.c().bpf_map_delete_elem(fd(), arena.allocateFrom(JAVA_BYTE, key));
      if (result == -BpfErrno.ENOENT) {
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
