package io.vethtrace.daemon.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/** Builds metric families; a counter's name is given without its suffix "_total". */
final class MetricFamilies {
  private MetricFamilies() {}

  static CounterDataPointSnapshot counter(double value, List<String> names, List<String> values) {
    return CounterDataPointSnapshot.builder().value(value).labels(Labels.of(names, values)).build();
  }

  static GaugeDataPointSnapshot gauge(double value, List<String> names, List<String> values) {
    return GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(names, values)).build();
  }

  static CounterSnapshot counters(String name, String help, List<CounterDataPointSnapshot> points) {
    CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(help);
    points.forEach(builder::dataPoint);
    return builder.build();
  }

  static GaugeSnapshot gauges(String name, String help, List<GaugeDataPointSnapshot> points) {
    GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
    points.forEach(builder::dataPoint);
    return builder.build();
  }
}
