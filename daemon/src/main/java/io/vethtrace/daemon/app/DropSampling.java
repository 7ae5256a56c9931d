package io.vethtrace.daemon.app;

import io.vethtrace.daemon.serve.DropLedger;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps a moment of the kernel's counts of drops every now and then, on a thread of its own. */
final class DropSampling implements AutoCloseable {
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("drops").factory());

  DropSampling(DropLedger ledger) {
    long periodMs = DropLedger.GRANULARITY.toMillis();
    var _ =
        clock.scheduleAtFixedRate(
            () -> keepMoment(ledger), periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  /** A reading that fails must not be the last one. */
  private static void keepMoment(DropLedger ledger) {
    try {
      ledger.keepMoment();
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "counts of drops failed", e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
