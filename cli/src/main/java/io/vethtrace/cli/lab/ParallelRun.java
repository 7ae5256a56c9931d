package io.vethtrace.cli.lab;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs many faults, several at a time; each has namespaces of its own. */
public final class ParallelRun {
  private ParallelRun() {}

  /**
   * Calls {@code work} with each fault on one of {@code jobs} threads, and {@code sink} on this
   * thread with each outcome, in the order of the faults. An exception of {@code work} ends the
   * run: faults that run finish, and no other fault starts.
   */
  public static <T> void run(
      List<Fault> faults, int jobs, Function<Fault, T> work, Consumer<T> sink) {
    try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
      List<Future<T>> outcomes =
          faults.stream().map(fault -> workers.submit(() -> work.apply(fault))).toList();
      try {
        outcomes.forEach(outcome -> sink.accept(get(outcome)));
      } finally {
        outcomes.forEach(outcome -> outcome.cancel(false));
      }
    }
  }

  private static <T> T get(Future<T> outcome) {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException expected -> throw expected;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }
}
