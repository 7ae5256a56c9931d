package io.vethtrace.daemon.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How fast counters have risen in the last seconds. Any thread. */
public final class CounterRates {
  private static final int SAMPLES = 6;

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Counters at a moment of CLOCK_MONOTONIC. */
  private record Sample(long atNs, Map<String, Long> counts) {}

  /** Takes what the counters of probe points and stages say now; once a second. */
  public void sample(Tracing tracing) {
    Map<String, Long> counts = new HashMap<>();
    tracing.probes().forEach(probe -> counts.put(probe.name(), probe.counters().hits()));
    tracing.stages().forEach(stage -> counts.put(stage.name(), stage.produced()));
    sample(System.nanoTime(), counts);
  }

  /** Takes what the counters said at that moment. */
  public synchronized void sample(long nowNs, Map<String, Long> counts) {
    samples.addLast(new Sample(nowNs, Map.copyOf(counts)));
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }

  /** Of this counter; 0 as long as too little is known of it. */
  public synchronized double perSecond(String name) {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long risen = last.counts().getOrDefault(name, 0L) - first.counts().getOrDefault(name, 0L);
    return (double) risen * TimeUnit.SECONDS.toNanos(1) / (last.atNs() - first.atNs());
  }
}
