package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * A shared library's symbols as method handles. Each handle takes the calling thread's capture
 * segment as its first argument and leaves errno there.
 */
@SuppressWarnings("restricted") // native calls are this package's purpose
final class NativeSymbols {
  /** size_t, long and unsigned long on every 64-bit Linux. */
  static final MemoryLayout LONG = JAVA_LONG;

  static final MemoryLayout BOOL = JAVA_BOOLEAN;
  static final MemoryLayout INT = JAVA_INT;
  static final MemoryLayout POINTER = ADDRESS;

  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> CALL_STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  private final SymbolLookup lookup;
  private final String library;

  private NativeSymbols(SymbolLookup lookup, String library) {
    this.lookup = lookup;
    this.library = library;
  }

  /** The library that the dynamic loader finds as {@code soname}. */
  static NativeSymbols ofLibbpf(String soname) {
    try {
      return new NativeSymbols(SymbolLookup.libraryLookup(soname, Arena.global()), soname);
    } catch (IllegalArgumentException e) {
      throw new LibbpfMissingException(soname + " is missing", e);
    }
  }

  /** A library of this installation. */
  static NativeSymbols of(Path file) {
    return new NativeSymbols(SymbolLookup.libraryLookup(file, Arena.global()), file.toString());
  }

  static NativeSymbols ofLibc() {
    return new NativeSymbols(Linker.nativeLinker().defaultLookup(), "libc");
  }

  MethodHandle returningInt(String symbol, MemoryLayout... arguments) {
    return bind(symbol, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  MethodHandle returningLong(String symbol, MemoryLayout... arguments) {
    return bind(symbol, FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  MethodHandle returningPointer(String symbol, MemoryLayout... arguments) {
    return bind(symbol, FunctionDescriptor.of(ADDRESS, arguments));
  }

  MethodHandle returningNothing(String symbol, MemoryLayout... arguments) {
    return bind(symbol, FunctionDescriptor.ofVoid(arguments));
  }

  private MethodHandle bind(String symbol, FunctionDescriptor function) {
    MemorySegment address =
        lookup
            .find(symbol)
            .orElseThrow(() -> new LibbpfMissingException(library + " has no " + symbol));
    return Linker.nativeLinker().downcallHandle(address, function, CAPTURE_ERRNO);
  }

  /** Returns the memory in which a call on this thread leaves errno. */
  static MemorySegment callState() {
    return CALL_STATE.get();
  }

  /** errno of the last call on this thread that failed. */
  static int errno() {
    return (int) ERRNO.get(CALL_STATE.get(), 0L);
  }

  /** A downcall declares no checked exception: whatever arrives here is a bug or the JVM's end. */
  static RuntimeException unexpected(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException(thrown);
    };
  }
}
