package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Collects the warnings that libbpf would otherwise print on standard error, for each thread
 * separately. libbpf calls back on the thread that called it.
 */
@SuppressWarnings("restricted") // native calls are this package's purpose
final class LibbpfWarnings {
  private static final int LIBBPF_WARN = 0;
  private static final int LINE_BYTES = 1024;
  private static final int KEPT_CHARS = 4096;
  private static final String PREFIX = "libbpf: ";

  private final PosixCLibrary libc;
  private final ThreadLocal<StringBuilder> collected = ThreadLocal.withInitial(StringBuilder::new);

  private LibbpfWarnings(PosixCLibrary libc) {
    this.libc = libc;
  }

  /** Takes over libbpf's printing for the rest of the process. */
  static LibbpfWarnings collect(BpfCLibrary bpf, PosixCLibrary libc) {
    LibbpfWarnings warnings = new LibbpfWarnings(libc);
    bpf.libbpf_set_print(warnings.printFunction());
    return warnings;
  }

  /** Forgets what was said on this thread so far. */
  void clear() {
    collected.get().setLength(0);
  }

  /** Returns the warnings on this thread since {@link #clear}, one a line. */
  String lastWords() {
    return collected.get().toString().strip();
  }

  private MemorySegment printFunction() {
    MethodType type =
        MethodType.methodType(int.class, int.class, MemorySegment.class, MemorySegment.class);
    try {
      MethodHandle print =
          MethodHandles.lookup().findVirtual(LibbpfWarnings.class, "print", type).bindTo(this);
      return Linker.nativeLinker()
          .upcallStub(
              print, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code libbpf_print_fn_t}. An exception that left it would end the process. */
  int print(int level, MemorySegment format, MemorySegment vaList) {
    if (level != LIBBPF_WARN) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = arena.allocate(LINE_BYTES);
      libc.vsnprintf(line, LINE_BYTES, format, vaList);
      keep(line.getString(0));
    } catch (RuntimeException e) {
      keep("a warning that could not be read: " + e);
    }
    return 0;
  }

  private void keep(String line) {
    StringBuilder words = collected.get();
    if (words.length() < KEPT_CHARS) {
      words.append(line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line);
    }
  }
}
