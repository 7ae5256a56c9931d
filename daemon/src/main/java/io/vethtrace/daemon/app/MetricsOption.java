package io.vethtrace.daemon.app;

import io.vethtrace.daemon.metrics.Metrics;
import io.vethtrace.daemon.metrics.MetricsAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that has metrics served. */
final class MetricsOption {
  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description =
          "Serve metrics for Prometheus on /metrics, and /healthz and /readyz, over HTTP here; a port"
              + " alone is one of loopback. Without it none are served.")
  private @Nullable String text;

  /**
   * Returns the address to serve metrics on; empty if the option is absent.
   *
   * @throws UsageException where it is no address
   */
  Optional<InetSocketAddress> address() {
    try {
      return Optional.ofNullable(text).map(MetricsAddress::parse);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Starts to serve metrics; the result must be closed before the daemon. */
  static Serving start(Optional<InetSocketAddress> address, Daemon daemon, BooleanSupplier ready) {
    if (address.isEmpty()) {
      return () -> {};
    }
    try {
      Metrics metrics = daemon.serveMetrics(address.get(), ready);
      return metrics::close;
    } catch (IOException e) {
      throw StartFailure.metrics(address.get(), e);
    }
  }

  /** Metrics, or nothing. */
  interface Serving extends AutoCloseable {
    @Override
    void close();
  }
}
