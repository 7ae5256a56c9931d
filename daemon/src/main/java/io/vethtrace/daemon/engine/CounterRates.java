package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.probe.ProbeStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The rates of counters over the last seconds. Safe on any thread. */
public final class CounterRates {
  private static final int SAMPLES = 6;

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Counters at a moment of CLOCK_MONOTONIC. */
  private record Sample(long atNs, Map<String, Long> counts) {}

  /**
   * Adds a sample of all probe points and stages. Called every {@link EngineTimings#RATE_SAMPLES}.
   */
  public void sample(List<ProbeStatus> probes, List<PipelineStageCounts> stages) {
    Map<String, Long> counts = new HashMap<>();
    probes.forEach(probe -> counts.put(probe.name(), probe.counters().hits()));
    stages.forEach(stage -> counts.put(stage.name(), stage.produced()));
    sample(System.nanoTime(), counts);
  }

  /** Adds a sample that was taken at that moment. */
  public synchronized void sample(long nowNs, Map<String, Long> counts) {
    samples.addLast(new Sample(nowNs, Map.copyOf(counts)));
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }

  /** Returns the rate of one counter; 0 until there are two samples. */
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
