package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** libbpf.so.1, loaded once for the process: opens objects and creates maps. */
public final class Libbpf {
  private static final int BPF_STATS_RUN_TIME = 0; // include/uapi/linux/bpf.h
  private static final String SONAME = "libbpf.so.1";

  private static @Nullable Libbpf loaded;

  private final LibbpfCalls calls;

  private Libbpf(String soname) {
    calls = new LibbpfCalls(soname);
  }

  /**
   * Returns the library.
   *
   * @throws LibbpfMissingException if it is not installed
   */
  public static synchronized Libbpf load() {
    if (loaded == null) {
      loaded = load(SONAME);
    }
    return loaded;
  }

  static Libbpf load(String soname) {
    return new Libbpf(soname);
  }

  /** libbpf's own version, such as {@code v1.1}. */
  public String version() {
    return LibbpfCalls.string(calls.c().libbpf_version_string());
  }

  /** Returns the number of values that a per-CPU map has for each key. */
  public int possibleCpus() {
    return calls.possibleCpus();
  }

  /**
   * Makes the kernel measure the run time of programs. Each run then reads the clock twice.
   *
   * @throws BpfException if the kernel does not allow it: it requires CAP_SYS_ADMIN
   */
  public RunStatistics measureRuns() {
    calls.warnings().clear();
    return new RunStatistics(
        calls.libc(),
        calls.check("bpf_enable_stats", calls.c().bpf_enable_stats(BPF_STATS_RUN_TIME)));
  }

  /** Parses an ELF object. Nothing reaches the kernel before {@link BpfObject#load}. */
  public BpfObject open(String name, byte[] elf) {
    calls.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      // libbpf copies what it needs: obj->efile is finished when bpf_object_open returns.
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, elf);
      MemorySegment object = calls.c().bpf_object__open_mem(bytes, elf.length, MemorySegment.NULL);
      return new BpfObject(calls, name, calls.checkPointer("bpf_object__open_mem " + name, object));
    }
  }

  /** Creates a map that objects can share. */
  public BpfMap createMap(
      BpfMap.Type type, String name, int keyBytes, int valueBytes, int maxEntries) {
    calls.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          calls
              .c()
              .bpf_map_create(
                  type.number(), arena.allocateFrom(name), keyBytes, valueBytes, maxEntries);
      return new BpfMap(calls, calls.check("bpf_map_create " + name, fd), keyBytes, valueBytes);
    }
  }

  PosixCLibrary libc() {
    return calls.libc();
  }
}
