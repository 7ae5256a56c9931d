package io.vethtrace.daemon.metrics;

import static io.vethtrace.daemon.metrics.MetricFamilies.counter;
import static io.vethtrace.daemon.metrics.MetricFamilies.counters;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.probe.counter.CounterKind;
import io.vethtrace.daemon.probe.counter.KernelPacketCounters;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * The same drops by the function that freed the packet: without interfaces, so that what comes and
 * goes makes no more of them.
 */
final class LocationCounters implements MultiCollector {
  private static final List<String> NAMES = List.of("place", "reason");
  private static final List<String> OTHERS = List.of(SeriesLabels.OTHER, SeriesLabels.OTHER);

  private final KernelPacketCounters tallies;
  private final DropReasons reasons;
  private final LongFunction<String> placeName;
  private final int cap;

  /** Looked up once: a lookup may read the kernel's symbols anew. */
  private final Map<Long, String> names = new HashMap<>();

  private final Set<List<String>> admitted = new LinkedHashSet<>();

  LocationCounters(
      KernelPacketCounters tallies, DropReasons reasons, LongFunction<String> placeName, int cap) {
    this.tallies = tallies;
    this.reasons = reasons;
    this.placeName = placeName;
    this.cap = cap;
  }

  @Override
  public synchronized MetricSnapshots collect() {
    Map<List<String>, Long> series = new LinkedHashMap<>();
    for (PacketCounter tally : tallies.read(CounterKind.DROPS)) {
      series.merge(labels(tally), tally.packets(), Long::sum);
    }
    return new MetricSnapshots(
        counters(
            "vethtrace_drop_places",
            "Packets that the kernel dropped, by the function that freed them.",
            series.entrySet().stream()
                .map(one -> counter((double) one.getValue(), NAMES, one.getKey()))
                .toList()));
  }

  /** Returns the labels of a counter. All counters beyond the cap are one series. */
  private List<String> labels(PacketCounter tally) {
    if (tally.code() == PacketCounter.ANY_CODE) {
      return OTHERS;
    }
    List<String> labels =
        List.of(name(tally.location()), KernelCounters.reason(tally.code(), reasons));
    return admitted.contains(labels) || (admitted.size() < cap && admitted.add(labels))
        ? labels
        : OTHERS;
  }

  private String name(long place) {
    return place == 0 ? SeriesLabels.NONE : names.computeIfAbsent(place, placeName::apply);
  }
}
