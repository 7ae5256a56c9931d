package io.vethtrace.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A Prometheus on this machine's loopback. */
final class Prometheus implements AutoCloseable {
  private static final String QUIET = "global: {scrape_interval: 1m}\n";
  private static final int OK = 200;

  private final Running server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  private Prometheus(Running server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Scrapes nothing, and answers from the series that are stored in the folder {@code tsdb} of
   * {@code folder}.
   */
  static Prometheus over(Path folder) throws IOException {
    return start(folder, QUIET);
  }

  /** Scrapes that port each second; what has to hold for minutes alerts at once. */
  static Prometheus scraping(int metricsPort, Path folder) throws IOException {
    String rules = Installation.text(AlertRulesTest.FILE).replaceAll(" for: .*", " for: 1s");
    Files.writeString(folder.resolve("alerts.yaml"), rules);
    String configuration =
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [alerts.yaml]
        scrape_configs:
          - job_name: vethtrace
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(metricsPort);
    return start(folder, configuration);
  }

  private static Prometheus start(Path folder, String configuration) throws IOException {
    Path config = Files.writeString(folder.resolve("prometheus.yaml"), configuration);
    int port = freePort();
    Running server =
        Running.start(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + port,
            "--log.level=error");
    Prometheus prometheus = new Prometheus(server, port);
    Await.until("Prometheus is ready: " + server.stderr(), prometheus::isReady);
    return prometheus;
  }

  /** One that is free now, on the loopback. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() {
    return get("/-/ready").filter(response -> response.statusCode() == OK).isPresent();
  }

  /** The series that the expression has at a time, in seconds. */
  List<Series> query(String expr, long time) {
    return ask("query", Map.of("query", expr, "time", Long.toString(time)));
  }

  /** The same at each second of a time. */
  List<Series> query(String expr, long from, long to) {
    String start = Long.toString(from);
    String end = Long.toString(to);
    return ask("query_range", Map.of("query", expr, "start", start, "end", end, "step", "1"));
  }

  private List<Series> ask(String what, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    Json answer = Json.parse(get("/api/v1/%s?%s".formatted(what, query)).orElseThrow().body());
    if (!answer.text("status").equals("success")) {
      throw new AssertionError("%s: %s".formatted(parameters, answer.text("error")));
    }
    return answer.object("data").objects("result").stream().map(Series::of).toList();
  }

  private Optional<HttpResponse<String>> get(String path) {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException("waiting for Prometheus", e);
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }

  /**
   * What a query gave for one set of labels.
   *
   * @param values in the order of their times
   */
  record Series(Map<String, String> labels, List<Double> values) {
    private static Series of(Json json) {
      Map<String, String> labels =
          json.object("metric").fields().entrySet().stream()
              .collect(Collectors.toMap(e -> e.getKey().toString(), e -> e.getValue().toString()));
      List<?> pairs = json.has("values") ? json.list("values") : List.of(json.list("value"));
      return new Series(labels, pairs.stream().map(Series::number).toList());
    }

    /** Each value comes behind its time, as text. */
    private static double number(Object pair) {
      String text = ((List<?>) pair).getLast().toString();
      return text.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    double value() {
      return values.getLast();
    }

    String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }
}
