package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.engine.PeriodicTask;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.trace.Hook;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** All metrics, counted and served until closed. */
public final class Metrics implements AutoCloseable {
  /** Series of one metric before more are folded. */
  public static final int SERIES_MAX = 1000;

  /** How often interfaces are looked after: one that is gone ends its series at the second look. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final FeedMeter meter;
  private final MetricsRegistry registry;
  private final MetricsServer server;
  private final PeriodicTask looking;

  private Metrics(
      FeedMeter meter, KernelCounters kernel, MetricsRegistry registry, MetricsServer server) {
    this.meter = meter;
    this.registry = registry;
    this.server = server;
    looking = PeriodicTask.start("interfaces", LOOK, kernel::look);
  }

  /**
   * Begins to count and to serve.
   *
   * @param measuresCosts whether the kernel measures how long probes run
   * @param ready whether tracing goes on and clients are served
   * @throws IOException where {@code address} cannot be listened on
   */
  public static Metrics start(
      InetSocketAddress address,
      MetricSources sources,
      String version,
      boolean measuresCosts,
      BooleanSupplier ready)
      throws IOException {
    StreamCounters stream = new StreamCounters();
    FeedMeter meter = new FeedMeter(sources.tracing().feed(), stream);
    KernelCounters kernel = kernelCounters(sources);
    MetricsRegistry registry =
        new MetricsRegistry(
            List.of(
                kernel,
                placeCounters(sources),
                stream,
                new DaemonCounters(sources, measuresCosts, meter::stage)));
    registry.addGauges(sources, version);
    try {
      MetricsServer server = new MetricsServer(address, registry, ready);
      meter.start();
      return new Metrics(meter, kernel, registry, server);
    } catch (IOException e) {
      meter.close();
      registry.close();
      throw e;
    }
  }

  private static KernelCounters kernelCounters(MetricSources sources) {
    return new KernelCounters(
        sources.tracing().tallies(),
        new LiveInterfaces(sources.namespaces(), sources.reader()),
        sources.reasons(),
        seesRefusals(sources.tracing().probes()),
        SERIES_MAX);
  }

  private static LocationCounters placeCounters(MetricSources sources) {
    return new LocationCounters(
        sources.tracing().tallies(), sources.reasons(), sources.placeName(), SERIES_MAX);
  }

  private static boolean seesRefusals(List<ProbeStatus> probes) {
    return probes.stream()
        .anyMatch(p -> p.hook() == Hook.FIB_VALIDATE_SOURCE && p.mechanism().isPresent());
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
    looking.close();
    meter.close();
    registry.close();
  }
}
