package io.vethtrace.daemon.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Counts the journeys and findings that were not lost on the way. */
final class StreamCounters implements MultiCollector {
  private record Hops(Hook from, Hook to) {}

  private record Verdict(Cause cause, Confidence confidence) {}

  private record Found(long count, @Nullable Exemplar last) {}

  private final Map<Hops, LatencyHistogram> latencies =
      new ConcurrentSkipListMap<>(Comparator.comparing(Hops::from).thenComparing(Hops::to));
  private final Map<Verdict, Found> findings =
      new TreeMap<>(Comparator.comparing(Verdict::cause).thenComparing(Verdict::confidence));

  /** Its own hops: those that it inherited are another journey's. */
  void add(Journey journey) {
    List<Event> hops = journey.hops();
    for (int i = Math.max(1, journey.inheritedHops()); i < hops.size(); i++) {
      latency(hops.get(i - 1), hops.get(i)).observe(betweenNs(hops.get(i - 1), hops.get(i)));
    }
  }

  /** {@code id} is empty where no history keeps the finding. */
  void add(Finding finding, String id, long unixMillis) {
    Exemplar exemplar =
        id.isEmpty() ? null : new Exemplar(1, Labels.of("finding_id", id), unixMillis);
    synchronized (findings) {
      findings.merge(
          new Verdict(finding.cause(), finding.confidence()),
          new Found(1, exemplar),
          (old, one) -> new Found(old.count() + 1, one.last() == null ? old.last() : one.last()));
    }
    if (!id.isEmpty()) {
      explain(finding.proof().hops(), id, unixMillis);
    }
  }

  private void explain(List<Event> hops, String id, long unixMillis) {
    for (int i = 1; i < hops.size(); i++) {
      latency(hops.get(i - 1), hops.get(i))
          .explain(betweenNs(hops.get(i - 1), hops.get(i)), id, unixMillis);
    }
  }

  /** Two CPUs may write their records in another order than the hops were in. */
  private static long betweenNs(Event from, Event to) {
    return Math.max(0, to.ktimeNs() - from.ktimeNs());
  }

  private LatencyHistogram latency(Event from, Event to) {
    return latencies.computeIfAbsent(new Hops(from.hook(), to.hook()), _ -> new LatencyHistogram());
  }

  @Override
  public MetricSnapshots collect() {
    return new MetricSnapshots(findingsFamily(), latencyFamily());
  }

  private CounterSnapshot findingsFamily() {
    CounterSnapshot.Builder builder =
        CounterSnapshot.builder().name("vethtrace_findings").help("Faults that were found.");
    synchronized (findings) {
      findings.forEach((verdict, found) -> builder.dataPoint(point(verdict, found)));
    }
    return builder.build();
  }

  private static CounterDataPointSnapshot point(Verdict verdict, Found found) {
    String cause = verdict.cause().name();
    String confidence = verdict.confidence().name();
    CounterDataPointSnapshot.Builder builder =
        CounterDataPointSnapshot.builder()
            .value((double) found.count())
            .labels(Labels.of("cause", cause, "confidence", confidence));
    Exemplar last = found.last();
    return last == null ? builder.build() : builder.exemplar(last).build();
  }

  private HistogramSnapshot latencyFamily() {
    HistogramSnapshot.Builder builder =
        HistogramSnapshot.builder()
            .name("vethtrace_hop_latency_seconds")
            .help("Time of one packet from one probe point to the next.");
    latencies.forEach((hops, latency) ->
        builder.dataPoint(
            latency.snapshot(
                Labels.of("from", hops.from().kernelName(), "to", hops.to().kernelName()))));
    return builder.build();
  }
}
