package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.engine.PeriodicTask;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.trace.Hook;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** All metrics, which are counted and served until this is closed. */
public final class Metrics implements AutoCloseable {
  /** The number of series of one metric beyond which more are folded. */
  public static final int SERIES_MAX = 1000;

  /**
   * The time between looks at all interfaces: the second look ends the series of one that is gone.
   */
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
   * Starts to count and to serve.
   *
   * @param ready returns true while tracing goes on and clients are served
   * @throws IOException where {@code address} cannot be listened on
   */
  public static Metrics start(
      InetSocketAddress address, MetricSources sources, String version, BooleanSupplier ready)
      throws IOException {
    StreamCounters stream = new StreamCounters();
    FeedMeter meter = new FeedMeter(sources.stream().feed(), stream);
    KernelCounters kernel = kernelCounters(sources);
    MetricsRegistry registry =
        new MetricsRegistry(
            List.of(
                kernel,
                locationCounters(sources),
                stream,
                new DaemonCounters(sources, meter::stage)));
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
        sources.counters(),
        new LiveInterfaces(sources.namespaces(), sources.reader()),
        sources.reasons(),
        seesRefusals(sources.tracing().probes()),
        SERIES_MAX);
  }

  private static LocationCounters locationCounters(MetricSources sources) {
    return new LocationCounters(
        sources.counters(), sources.reasons(), sources.locationName(), SERIES_MAX);
  }

  private static boolean seesRefusals(List<ProbeStatus> probes) {
    return probes.stream()
        .anyMatch(p -> p.hook() == Hook.FIB_VALIDATE_SOURCE && p.mechanism().isPresent());
  }

  /** Returns the address on which it listens. */
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
