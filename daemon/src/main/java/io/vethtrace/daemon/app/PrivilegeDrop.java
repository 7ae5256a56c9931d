package io.vethtrace.daemon.app;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.TaskCapabilities;
import io.vethtrace.daemon.libbpf.ThreadCapabilities;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Gives up, in every thread of this process, the capabilities that are of no use once the probes
 * are loaded and the socket is open. Threads that start later inherit what is left. What the kernel
 * says afterwards counts, not that nothing failed.
 */
final class PrivilegeDrop {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private PrivilegeDrop() {}

  /** The outcome of dropping privileges. */
  sealed interface Outcome {
    /** All threads have these of what they had, and no others. */
    record Dropped(Set<Capability> kept, int gaveUp, int threads) implements Outcome {}

    /** Threads have more than they need; a clause says why. */
    record Kept(String why) implements Outcome {}
  }

  /**
   * Returns the capabilities that the daemon needs until its end: it enters namespaces (SYS_ADMIN)
   * and finds them by their processes (SYS_PTRACE), lists rulesets (NET_ADMIN, by nft), captures on
   * interfaces (NET_RAW), and reads symbols again when a module was loaded (SYSLOG).
   *
   * @param held by the process now
   * @param isPrivate whether the command line's processes, of any user, are to be ended with it
   */
  static Set<Capability> needed(long held, boolean isPrivate) {
    Set<Capability> needed =
        EnumSet.of(
            Capability.CAP_SYS_ADMIN,
            Capability.CAP_SYS_PTRACE,
            Capability.CAP_SYSLOG,
            Capability.CAP_NET_ADMIN,
            Capability.CAP_NET_RAW);
    if ((held & Capability.CAP_SYS_ADMIN.mask()) == 0) {
      // Before 5.19 counters can be read with it only: __sys_bpf, kernel/bpf/syscall.c.
      needed.add(Capability.CAP_BPF);
    }
    if (isPrivate) {
      needed.add(Capability.CAP_KILL);
    }
    needed.removeIf(capability -> (held & capability.mask()) == 0);
    return needed;
  }

  static Outcome inAllThreads(boolean isPrivate) {
    Optional<ThreadCapabilities> threads = library();
    if (threads.isEmpty()) {
      return new Outcome.Kept("lib/libvethtrace.so is missing in this installation");
    }
    TaskCapabilities before = TaskCapabilities.ofThisProcess();
    Set<Capability> kept = needed(before.union(), isPrivate);
    long mask = kept.stream().mapToLong(Capability::mask).reduce(0, (a, b) -> a | b);
    threads.get().keep(mask);
    Set<Integer> left = reduce(threads.get(), mask);
    return left.isEmpty()
        ? new Outcome.Dropped(
            kept, Long.bitCount(before.union() & ~mask), before.ofThreads().size())
        : new Outcome.Kept("these threads did not take the signal: " + left);
  }

  private static Optional<ThreadCapabilities> library() {
    return Optional.ofNullable(System.getProperty("vethtrace.home"))
        .map(Path::of)
        .flatMap(ThreadCapabilities::load);
  }

  /** Again and again, as threads may have begun meanwhile. Those that are left after a while. */
  private static Set<Integer> reduce(ThreadCapabilities threads, long mask) {
    long endNs = System.nanoTime() + PATIENCE_NS;
    Set<Integer> left = exceeding(mask);
    left.forEach(threads::reduce);
    while (!left.isEmpty() && System.nanoTime() - endNs < 0) {
      LockSupport.parkNanos(STEP_NS);
      Set<Integer> before = left;
      left = exceeding(mask);
      left.stream().filter(tid -> !before.contains(tid)).forEach(threads::reduce);
    }
    return left;
  }

  private static Set<Integer> exceeding(long mask) {
    return TaskCapabilities.ofThisProcess().exceeding(mask);
  }

  static String describe(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Dropped(Set<Capability> kept, int gaveUp, int threads) ->
          "keeps %s; gave up %d other capabilities in all %d threads"
              .formatted(names(kept), gaveUp, threads);
      case Outcome.Kept(String why) -> "keeps every capability that it was given: " + why;
    };
  }

  private static String names(Set<Capability> kept) {
    return kept.isEmpty()
        ? "no capability"
        : kept.stream().map(Capability::name).collect(Collectors.joining(" "));
  }
}
