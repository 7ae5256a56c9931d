package io.vethtrace.daemon.libbpf;

import static io.vethtrace.daemon.libbpf.NativeSymbols.INT;
import static io.vethtrace.daemon.libbpf.NativeSymbols.LONG;
import static io.vethtrace.daemon.libbpf.NativeSymbols.callState;
import static io.vethtrace.daemon.libbpf.NativeSymbols.unexpected;

import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * This installation's own lines of C (daemon/src/main/c/threads.c), which make other threads of the
 * process give up capabilities, those of the JVM too.
 */
public final class ThreadCapabilities {
  private static final String FILE = "lib/libvethtrace.so";

  private final MethodHandle keep;
  private final MethodHandle reduceThread;

  private ThreadCapabilities(NativeSymbols library) {
    keep = library.returningInt("vt_keep", LONG);
    reduceThread = library.returningInt("vt_reduce_thread", INT);
  }

  /** Loads it from the folder of the installation; empty where it is not there. */
  public static Optional<ThreadCapabilities> load(Path home) {
    Path file = home.resolve(FILE).toAbsolutePath();
    return Files.isReadable(file)
        ? Optional.of(new ThreadCapabilities(NativeSymbols.of(file)))
        : Optional.empty();
  }

  /** Says what {@link #reduce} leaves to a thread: bit n stands for capability n. */
  public void keep(long capabilities) {
    try {
      int result = (int) keep.invokeExact(callState(), capabilities);
      if (result != 0) {
        throw new IllegalStateException("sigaction: " + BpfErrno.name(NativeSymbols.errno()));
      }
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Makes a thread give up all else, soon. Nothing happens where it has ended. */
  public void reduce(int tid) {
    try {
      int result = (int) reduceThread.invokeExact(callState(), tid);
      if (result != 0 && NativeSymbols.errno() != BpfErrno.ESRCH) {
        throw new IllegalStateException("tgkill: " + BpfErrno.name(NativeSymbols.errno()));
      }
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }
}
