package io.vethtrace.daemon.libbpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Pages of a map in this process's memory. Using the segment after {@link #close} throws; it never
 * faults.
 */
@SuppressWarnings("restricted") // native calls are this package's purpose
public final class MappedMemory implements AutoCloseable {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;
  private static final long MAP_FAILED = -1;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  private MappedMemory(PosixCLibrary libc, MemorySegment pages, long lengthBytes) {
    segment = pages.reinterpret(lengthBytes, arena, mapped -> libc.munmap(mapped, lengthBytes));
  }

  /** Maps the pages that the kernel alone writes. */
  public static MappedMemory readOnly(BpfMap map, long offset, long lengthBytes) {
    return of(map, offset, lengthBytes, PROT_READ);
  }

  /** Maps pages that this process writes too. */
  public static MappedMemory writable(BpfMap map, long offset, long lengthBytes) {
    return of(map, offset, lengthBytes, PROT_READ | PROT_WRITE);
  }

  /** The size of a page on this machine: 4, 16 or 64 KiB. */
  public static int pageBytes() {
    return Libbpf.load().libc().getpagesize();
  }

  private static MappedMemory of(BpfMap map, long offset, long lengthBytes, int protection) {
    PosixCLibrary libc = Libbpf.load().libc();
    MemorySegment pages = libc.mmap(lengthBytes, protection, MAP_SHARED, map.fd(), offset);
    if (pages.address() == MAP_FAILED) {
      throw new BpfException("mmap", NativeSymbols.errno(), "", "");
    }
    return new MappedMemory(libc, pages, lengthBytes);
  }

  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    arena.close();
  }
}
