package io.vethtrace.daemon.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** {@code /metrics}, {@code /healthz} and {@code /readyz} over HTTP, for GET and HEAD alone. */
final class MetricsServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final int NO_BODY = -1;
  private static final int BACKLOG = 16;

  static {
    // Read once, by the first server of the process (sun.net.httpserver.ServerConfig): a client
    // that
    // sends or takes nothing holds no connection for ever, and many clients not all descriptors.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "60");
    System.setProperty("jdk.httpserver.maxConnections", "64");
  }

  private record Answer(int status, String type, String body) {
    static Answer text(int status, String line) {
      return new Answer(status, TEXT, line + "\n");
    }
  }

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final MetricsRegistry registry;
  private final BooleanSupplier ready;
  private final HttpServer server;

  /** Listens from now on. */
  MetricsServer(InetSocketAddress address, MetricsRegistry registry, BooleanSupplier ready)
      throws IOException {
    this.registry = registry;
    this.ready = ready;
    server = HttpServer.create(address, BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean isHead = method.equals("HEAD");
      boolean isAllowed = isHead || method.equals("GET");
      send(exchange, isAllowed ? answer(exchange) : notAllowed(exchange), isHead);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    return switch (exchange.getRequestURI().getPath()) {
      case "/metrics" -> metrics(exchange);
      case "/healthz" -> Answer.text(OK, "ok");
      case "/readyz" ->
          ready.getAsBoolean()
              ? Answer.text(OK, "ready")
              : Answer.text(UNAVAILABLE, "not ready: tracing has not begun or has ended");
      default -> Answer.text(NOT_FOUND, "not found: there are /metrics, /healthz and /readyz");
    };
  }

  private static Answer notAllowed(HttpExchange exchange) {
    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
    return Answer.text(METHOD_NOT_ALLOWED, "only GET and HEAD are answered");
  }

  private Answer metrics(HttpExchange exchange) throws IOException {
    String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept")).orElse("");
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    writer.write(body, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    return new Answer(OK, writer.getContentType(), body.toString(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, Answer answer, boolean isHead)
      throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), isHead ? NO_BODY : body.length);
    if (!isHead) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
