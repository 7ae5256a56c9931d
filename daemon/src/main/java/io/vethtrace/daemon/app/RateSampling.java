package io.vethtrace.daemon.app;

import io.vethtrace.daemon.serve.Rates;
import io.vethtrace.daemon.serve.Tracing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Reads the counters of probe points and stages once a second, on a thread of its own. */
final class RateSampling implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Tracing tracing;
  private final Rates rates = new Rates();
  private final Thread thread = Thread.ofPlatform().name("rates").unstarted(this::run);

  RateSampling(Tracing tracing) {
    this.tracing = tracing;
  }

  void start() {
    thread.start();
  }

  Rates rates() {
    return rates;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        rates.sample(System.nanoTime(), counts());
        Thread.sleep(AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    tracing.probes().forEach(probe -> counts.put(probe.name(), probe.counters().hits()));
    tracing.stages().forEach(stage -> counts.put(stage.name(), stage.produced()));
    return counts;
  }

  /** Returns when it reads no more: the counters are about to go. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
