package io.vethtrace.daemon.metrics;

import static io.vethtrace.daemon.metrics.MetricFamilies.counter;
import static io.vethtrace.daemon.metrics.MetricFamilies.counters;
import static io.vethtrace.daemon.metrics.MetricFamilies.gauge;
import static io.vethtrace.daemon.metrics.MetricFamilies.gauges;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult;
import io.vethtrace.daemon.probe.counter.CounterKind;
import io.vethtrace.daemon.probe.counter.KernelPacketCounters;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import io.vethtrace.daemon.probe.counter.TrafficKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The kernel's own counts: they stay right while events are lost. */
final class KernelCounters implements MultiCollector {
  private static final String DROPS = "vethtrace_drops";
  private static final String REFUSALS = "vethtrace_source_validation_failures";
  private static final String FRAMES = "vethtrace_interface_frames";
  private static final String BYTES = "vethtrace_interface_bytes";
  private static final List<String> OF_DROPS = List.of("reason", "interface", "netns");
  private static final List<String> OF_REFUSALS = List.of("cause", "interface", "netns");
  private static final List<String> OF_TRAFFIC = List.of("kind", "direction", "interface", "netns");
  private static final List<String> OF_PAIRS =
      List.of("interface", "netns", "peer_interface", "peer_netns");
  private static final List<String> OF_METRIC = List.of("metric");

  private final KernelPacketCounters tallies;
  private final LiveInterfaces places;
  private final DropReasons reasons;
  private final boolean seesRefusals;
  private final int cap;
  private final BoundedMetricSeries drops;
  private final BoundedMetricSeries refusals;
  private final BoundedMetricSeries traffic;

  /**
   * Counts what {@code tallies} have.
   *
   * @param seesRefusals whether fib_validate_source is watched; if not, nothing is known of it
   * @param cap series of a metric before they are folded
   */
  KernelCounters(
      KernelPacketCounters tallies,
      LiveInterfaces places,
      DropReasons reasons,
      boolean seesRefusals,
      int cap) {
    this.tallies = tallies;
    this.places = places;
    this.reasons = reasons;
    this.seesRefusals = seesRefusals;
    this.cap = cap;
    drops =
        new BoundedMetricSeries(
            BoundedMetricSeries.Source.of(tallies, CounterKind.DROPS), places, this::reason, cap);
    refusals =
        new BoundedMetricSeries(
            BoundedMetricSeries.Source.of(tallies, CounterKind.REFUSALS), places, this::cause, cap);
    traffic =
        new BoundedMetricSeries(
            BoundedMetricSeries.Source.of(tallies, CounterKind.TRAFFIC),
            places,
            KernelCounters::flow,
            cap);
  }

  private List<String> reason(int code) {
    return List.of(reason(code, reasons));
  }

  /** The name of a drop's reason. Kernels before 5.17 give none. */
  static String reason(int code, DropReasons reasons) {
    if (code == PacketCounter.ANY_CODE) {
      return SeriesLabels.OTHER;
    }
    return code == 0 ? "NOT_SPECIFIED" : reasons.nameOrNumber(code);
  }

  private List<String> cause(int result) {
    boolean known = result != PacketCounter.ANY_CODE;
    return List.of(
        known && SourceCheckResult.of(result, reasons) instanceof SourceCheckResult.Refused refused
            ? refused.reason()
            : SeriesLabels.OTHER);
  }

  private static List<String> flow(int code) {
    return switch (TrafficKind.of(code)) {
      case VETH_TRANSMIT -> List.of("veth", "transmit");
      case VETH_RECEIVE -> List.of("veth", "receive");
      case LOOPBACK_TRANSMIT -> List.of("loopback", "transmit");
      case LOOPBACK_RECEIVE -> List.of("loopback", "receive");
      case UNSPECIFIED -> List.of(SeriesLabels.OTHER, SeriesLabels.OTHER);
    };
  }

  /** Sees which interfaces are gone, and folds what they counted. For one thread. */
  void look() {
    List<PacketCounter> all = new ArrayList<>();
    for (CounterKind kind : CounterKind.values()) {
      all.addAll(tallies.read(kind));
    }
    places.look(all);
    ledgers().values().forEach(BoundedMetricSeries::retire);
  }

  private Map<String, BoundedMetricSeries> ledgers() {
    Map<String, BoundedMetricSeries> ledgers = new LinkedHashMap<>();
    ledgers.put(DROPS + "_total", drops);
    ledgers.put(REFUSALS + "_total", refusals);
    ledgers.put(FRAMES + "_total", traffic);
    return ledgers;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> families = new ArrayList<>();
    Map<SeriesLabels, PacketSum> dropped = drops.read();
    Map<SeriesLabels, PacketSum> refused = refusals.read();
    Map<SeriesLabels, PacketSum> passed = traffic.read();
    families.add(
        family(DROPS, "Packets that the kernel dropped.", OF_DROPS, dropped, PacketSum::packets));
    if (seesRefusals) {
      families.add(
          family(
              REFUSALS,
              "Packets whose source address fib_validate_source refused.",
              OF_REFUSALS,
              refused,
              PacketSum::packets));
    }
    families.addAll(traffic(passed));
    families.add(pairs());
    families.add(
        byMetric(
            "vethtrace_series_folded",
            "Series that were folded into interface=\"other\": gone, or too many for a metric.",
            BoundedMetricSeries::foldedSeries));
    families.add(
        byMetric(
            "vethtrace_kernel_map_full",
            "Packets that the kernel counted without labels, as its map had no room for more.",
            BoundedMetricSeries::beyondRoom));
    families.add(series(dropped.size(), refused.size(), passed.size()));
    return new MetricSnapshots(families);
  }

  private static List<MetricSnapshot> traffic(Map<SeriesLabels, PacketSum> passed) {
    return List.of(
        family(
            FRAMES,
            "Frames on veths and on lo: handed to the device, or come into the stack from it.",
            OF_TRAFFIC,
            passed,
            PacketSum::packets),
        family(
            BYTES,
            "Bytes of these frames with their MAC header.",
            OF_TRAFFIC,
            passed,
            PacketSum::bytes));
  }

  private static CounterSnapshot family(
      String name,
      String help,
      List<String> names,
      Map<SeriesLabels, PacketSum> series,
      ToLongFunction<PacketSum> value) {
    return counters(
        name,
        help,
        series.entrySet().stream()
            .map(one ->
                counter((double) value.applyAsLong(one.getValue()), names, one.getKey().values()))
            .toList());
  }

  private MetricSnapshot pairs() {
    return gauges(
        "vethtrace_veth_pair_info",
        "Which veth is whose other end.",
        places.pairs().stream()
            .limit(cap)
            .map(pair ->
                gauge(
                    1,
                    OF_PAIRS,
                    List.of(pair.ifname(), pair.netns(), pair.peerIfname(), pair.peerNetns())))
            .toList());
  }

  private MetricSnapshot byMetric(
      String name, String help, ToLongFunction<BoundedMetricSeries> value) {
    return counters(
        name,
        help,
        ledgers().entrySet().stream()
            .map(one ->
                counter(
                    (double) value.applyAsLong(one.getValue()), OF_METRIC, List.of(one.getKey())))
            .toList());
  }

  private static MetricSnapshot series(int drops, int refusals, int traffic) {
    return gauges(
        "vethtrace_series",
        "Series that a metric has now.",
        List.of(
            gauge(drops, OF_METRIC, List.of(DROPS + "_total")),
            gauge(refusals, OF_METRIC, List.of(REFUSALS + "_total")),
            gauge(traffic, OF_METRIC, List.of(FRAMES + "_total"))));
  }
}
