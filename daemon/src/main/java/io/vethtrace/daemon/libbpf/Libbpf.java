package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** libbpf.so.1, loaded once for the process: opens objects and creates maps. */
@SuppressWarnings("restricted") // native calls are this package's purpose
public final class Libbpf {
  private static final int BPF_STATS_RUN_TIME = 0; // include/uapi/linux/bpf.h
  private static final String SONAME = "libbpf.so.1";

  private static @Nullable Libbpf loaded;

  private final BpfCLibrary c;
  private final PosixCLibrary libc;
  private final LibbpfWarnings warnings;

  private Libbpf(String soname) {
    c = new BpfCLibrary(NativeSymbols.ofLibbpf(soname));
    libc = new PosixCLibrary(NativeSymbols.ofLibc());
    warnings = LibbpfWarnings.collect(c, libc);
  }

  /**
   * The library.
   *
   * @throws LibbpfMissingException where it is not installed
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
    return string(c.libbpf_version_string());
  }

  /** Returns the number of values that a per-CPU map has for each key. */
  public int possibleCpus() {
    return check("libbpf_num_possible_cpus", c.libbpf_num_possible_cpus());
  }

  /**
   * Has the kernel measure how long programs run, which costs each run two looks at the clock.
   *
   * @throws BpfException where it does not allow it: it asks for CAP_SYS_ADMIN
   */
  public RunStatistics measureRuns() {
    warnings.clear();
    return new RunStatistics(
        libc, check("bpf_enable_stats", c.bpf_enable_stats(BPF_STATS_RUN_TIME)));
  }

  /** Parses an ELF object. Nothing reaches the kernel before {@link BpfObject#load}. */
  public BpfObject open(String name, byte[] elf) {
    warnings.clear();
    try (Arena arena = Arena.ofConfined()) {
      // libbpf copies what it needs: obj->efile is finished when bpf_object_open returns.
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, elf);
      MemorySegment object = c.bpf_object__open_mem(bytes, elf.length, MemorySegment.NULL);
      return new BpfObject(this, name, checkPointer("bpf_object__open_mem " + name, object));
    }
  }

  /** Creates a map that objects can share. */
  public BpfMap createMap(
      BpfMap.Type type, String name, int keyBytes, int valueBytes, int maxEntries) {
    warnings.clear();
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          c.bpf_map_create(
              type.number(), arena.allocateFrom(name), keyBytes, valueBytes, maxEntries);
      return new BpfMap(this, check("bpf_map_create " + name, fd), keyBytes, valueBytes);
    }
  }

  BpfCLibrary c() {
    return c;
  }

  PosixCLibrary libc() {
    return libc;
  }

  LibbpfWarnings warnings() {
    return warnings;
  }

  static String string(MemorySegment chars) {
    return chars.reinterpret(Long.MAX_VALUE).getString(0);
  }

  int check(String operation, int result) {
    if (result < 0) {
      throw failure(operation, -result, "");
    }
    return result;
  }

  MemorySegment checkPointer(String operation, MemorySegment result) {
    if (result.address() == 0) {
      throw failure(operation, NativeSymbols.errno(), "");
    }
    return result;
  }

  BpfException failure(String operation, int errno, String log) {
    return new BpfException(operation, errno, warnings.lastWords(), log);
  }
}
