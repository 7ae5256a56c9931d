package io.vethtrace.daemon.libbpf;

import java.lang.foreign.MemorySegment;

/**
 * libbpf's functions, with the warnings that it prints and the checks of what it returns: a
 * negative number or NULL becomes a {@link BpfException}.
 */
@SuppressWarnings("restricted") // native calls are this package's purpose
final class LibbpfCalls {
  private final BpfCLibrary c;
  private final PosixCLibrary libc;
  private final LibbpfWarnings warnings;

  LibbpfCalls(String soname) {
    c = new BpfCLibrary(NativeSymbols.ofLibbpf(soname));
    libc = new PosixCLibrary(NativeSymbols.ofLibc());
    warnings = LibbpfWarnings.collect(c, libc);
  }

  BpfCLibrary c() {
    return c;
  }

  PosixCLibrary libc() {
    return libc;
  }

  /** The warnings of the last call. A caller clears them before each call. */
  LibbpfWarnings warnings() {
    return warnings;
  }

  int possibleCpus() {
    return check("libbpf_num_possible_cpus", c.libbpf_num_possible_cpus());
  }

  static String string(MemorySegment chars) {
    return chars.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** Returns {@code result}, which is not negative. */
  int check(String operation, int result) {
    if (result < 0) {
      throw failure(operation, -result, "");
    }
    return result;
  }

  /** Returns {@code result}, which is not NULL. */
  MemorySegment checkPointer(String operation, MemorySegment result) {
    if (result.address() == 0) {
      throw failure(operation, NativeSymbols.errno(), "");
    }
    return result;
  }

  BpfException failure(String operation, int errno, String verifierLog) {
    return new BpfException(operation, errno, warnings.lastWords(), verifierLog);
  }
}
