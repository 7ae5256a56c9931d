package io.vethtrace.daemon.metrics;

import static io.vethtrace.daemon.metrics.MetricFamilies.counter;
import static io.vethtrace.daemon.metrics.MetricFamilies.counters;
import static io.vethtrace.daemon.metrics.MetricFamilies.gauge;
import static io.vethtrace.daemon.metrics.MetricFamilies.gauges;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbeCost;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The daemon's metrics on itself. */
final class DaemonCounters implements MultiCollector {
  private static final List<String> BY_PROBE = List.of("probe");
  private static final List<String> BY_KIND = List.of("kind");
  private static final double NS_PER_SECOND = 1e9;

  private final MetricSources sources;
  private final Supplier<PipelineStageCounts> ownStage;

  /**
   * Reads its counts from {@code sources}.
   *
   * @param ownStage returns the counts of the items that were published to the metrics
   */
  DaemonCounters(MetricSources sources, Supplier<PipelineStageCounts> ownStage) {
    this.sources = sources;
    this.ownStage = ownStage;
  }

  @Override
  public MetricSnapshots collect() {
    List<ProbeStatus> probes = sources.tracing().probes();
    List<MetricSnapshot> families = new ArrayList<>();
    families.add(probeEvents(probes));
    families.add(probeInfo(probes));
    families.add(stageEvents());
    families.addAll(costs());
    families.addAll(history());
    return new MetricSnapshots(families);
  }

  private static MetricSnapshot probeEvents(List<ProbeStatus> probes) {
    List<CounterDataPointSnapshot> points = new ArrayList<>();
    for (ProbeStatus probe : probes) {
      ProbeHitCounters counts = probe.counters();
      points.addAll(
          outcomes("probe", probe.name(), counts.delivered(), counts.filtered(), counts.lost()));
    }
    return counters(
        "vethtrace_probe_events", "Hits of a probe point, by what became of them.", points);
  }

  private MetricSnapshot stageEvents() {
    List<PipelineStageCounts> stages = new ArrayList<>(sources.losses().stages());
    stages.add(ownStage.get());
    List<CounterDataPointSnapshot> points = new ArrayList<>();
    for (PipelineStageCounts stage : stages) {
      points.addAll(
          outcomes("stage", stage.name(), stage.delivered(), stage.filtered(), stage.lost()));
    }
    return counters(
        "vethtrace_stage_events", "What came to a stage, by what became of it there.", points);
  }

  private static List<CounterDataPointSnapshot> outcomes(
      String label, String value, long delivered, long filtered, long lost) {
    List<String> names = List.of(label, "outcome");
    return List.of(
        counter((double) delivered, names, List.of(value, "delivered")),
        counter((double) filtered, names, List.of(value, "filtered")),
        counter((double) lost, names, List.of(value, "lost")));
  }

  private static MetricSnapshot probeInfo(List<ProbeStatus> probes) {
    List<String> names = List.of("probe", "mechanism");
    return gauges(
        "vethtrace_probe_info",
        "By which mechanism a probe point is watched; none where it is blind.",
        probes.stream()
            .map(probe -> gauge(1, names, List.of(probe.name(), label(probe))))
            .toList());
  }

  private static String label(ProbeStatus probe) {
    return probe.mechanism().map(Mechanism::label).orElse("none");
  }

  private List<MetricSnapshot> costs() {
    List<ProbeCost> costs = sources.costs().get();
    List<MetricSnapshot> families = new ArrayList<>();
    families.add(
        byProbe(
            "vethtrace_probe_missed",
            "Runs that the kernel left out, as the program ran already on that CPU.",
            costs,
            ProbeCost::missed));
    if (sources.measuresCosts()) {
      families.add(
          byProbe(
              "vethtrace_probe_seconds",
              "Time that a probe point's programs ran, on all CPUs.",
              costs,
              cost -> cost.timeNs() / NS_PER_SECOND));
      families.add(byProbe("vethtrace_probe_runs", "How often they ran.", costs, ProbeCost::runs));
    }
    return families;
  }

  private static MetricSnapshot byProbe(
      String name, String help, List<ProbeCost> costs, ToDoubleFunction<ProbeCost> value) {
    return counters(
        name,
        help,
        costs.stream()
            .map(cost ->
                counter(value.applyAsDouble(cost), BY_PROBE, List.of(cost.hook().kernelName())))
            .toList());
  }

  private List<MetricSnapshot> history() {
    List<HistoryFill> fills = HistoryFill.of(sources.stream());
    return List.of(
        byKind(
            "vethtrace_history_items", "What is kept to be read later.", fills, HistoryFill::items),
        byKind(
            "vethtrace_history_bytes",
            "Memory that it takes, estimated.",
            fills,
            HistoryFill::bytes),
        byKind(
            "vethtrace_history_age_seconds",
            "How long ago the oldest of it was told.",
            fills,
            HistoryFill::ageSeconds));
  }

  private static MetricSnapshot byKind(
      String name, String help, List<HistoryFill> fills, ToDoubleFunction<HistoryFill> value) {
    return gauges(
        name,
        help,
        fills.stream()
            .map(fill -> gauge(value.applyAsDouble(fill), BY_KIND, List.of(fill.kind())))
            .toList());
  }
}
