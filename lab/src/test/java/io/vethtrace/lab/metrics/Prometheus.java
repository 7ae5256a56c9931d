package io.vethtrace.lab.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessSession;
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
public final class Prometheus implements AutoCloseable {
  private static final String QUIET = "global: {scrape_interval: 1m}\n";
  private static final int OK = 200;

  private final ProcessSession server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  private Prometheus(ProcessSession server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts one that scrapes nothing and answers from the series in the folder {@code tsdb} of
   * {@code folder}.
   */
  public static Prometheus over(Path folder) throws IOException {
    return start(folder, QUIET);
  }

  /**
   * Starts one that scrapes a port each second. Alerts fire at once, without their delays of
   * minutes.
   */
  public static Prometheus scraping(int metricsPort, Path folder) throws IOException {
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
    ProcessSession server =
        ProcessSession.start(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + port,
            "--log.level=error");
    Prometheus prometheus = new Prometheus(server, port);
    Poll.until("Prometheus is ready: " + server.stderr(), prometheus::isReady);
    return prometheus;
  }

  /** Returns a port of the loopback that is free now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() {
    return get("/-/ready").filter(response -> response.statusCode() == OK).isPresent();
  }

  /** Returns the series of an expression at a time, in seconds. */
  public List<Series> query(String expr, long time) {
    return ask("query", Map.of("query", expr, "time", Long.toString(time)));
  }

  /** Returns the series of an expression at each second of a period. */
  public List<Series> query(String expr, long from, long to) {
    String start = Long.toString(from);
    String end = Long.toString(to);
    return ask("query_range", Map.of("query", expr, "start", start, "end", end, "step", "1"));
  }

  private List<Series> ask(String what, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    JsonLine answer =
        JsonLine.parse(get("/api/v1/%s?%s".formatted(what, query)).orElseThrow().body());
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
   * A series: the values of a query for one set of labels.
   *
   * @param values the values in the order of their times
   */
  public record Series(Map<String, String> labels, List<Double> values) {
    private static Series of(JsonLine json) {
      Map<String, String> labels =
          json.object("metric").fields().entrySet().stream()
              .collect(Collectors.toMap(e -> e.getKey().toString(), e -> e.getValue().toString()));
      List<?> pairs = json.has("values") ? json.list("values") : List.of(json.list("value"));
      return new Series(labels, pairs.stream().map(Series::number).toList());
    }

    /** Reads a value: text that follows its time. */
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
