package io.vethtrace.daemon.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import java.util.List;
import java.util.function.Supplier;

/**
 * Micrometer's registry on top of that of prometheus-metrics: Micrometer has the gauges and the
 * JVM's metrics, and collectors have all else.
 */
final class MetricsRegistry implements AutoCloseable {
  private static final String PREFIX = "vethtrace.";
  private static final double NS_PER_SECOND = 1e9;

  private final PrometheusRegistry prometheus = new PrometheusRegistry();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final long startedNs = System.nanoTime();

  MetricsRegistry(List<? extends MultiCollector> collectors) {
    collectors.forEach(prometheus::register);
    meters.config().meterFilter(prefixing());
    List<MeterBinder> jvm =
        List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new FileDescriptorMetrics(),
            garbage);
    jvm.forEach(binder -> binder.bindTo(meters));
  }

  private static MeterFilter prefixing() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return id.getName().startsWith(PREFIX) ? id : id.withName(PREFIX + id.getName());
      }
    };
  }

  /** Adds gauges, which are read at each scrape. */
  void addGauges(MetricSources sources, String version) {
    gauge("ring.size.bytes", "Size of the kernel's ring.", () -> sources.tracing().ringBytes());
    gauge(
        "ring.used.bytes",
        "Bytes of the ring that wait to be read.",
        () -> sources.tracing().ringUsedBytes());
    gauge("clients", "Clients that watch.", () -> sources.stream().feed().clients());
    gauge(
        "uptime.seconds",
        "How long the daemon runs.",
        () -> (System.nanoTime() - startedNs) / NS_PER_SECOND);
    Gauge.builder(PREFIX + "build.info", () -> 1)
        .description("The daemon's version and the kernel that it runs on.")
        .tag("version", version)
        .tag("kernel", KernelRelease.ofRunningKernel().release())
        .register(meters);
  }

  private void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(PREFIX + name, value).description(help).register(meters);
  }

  MetricSnapshots scrape() {
    return prometheus.scrape();
  }

  @Override
  public void close() {
    garbage.close();
    meters.close();
  }
}
