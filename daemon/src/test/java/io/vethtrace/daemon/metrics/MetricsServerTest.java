package io.vethtrace.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final MetricsRegistry registry = new MetricsRegistry(List.of(new StreamCounters()));
  private MetricsServer server;

  @BeforeEach
  void start() throws IOException {
    server = new MetricsServer(MetricsAddress.parse("0"), registry, ready::get);
  }

  @AfterEach
  void stop() {
    server.close();
    registry.close();
  }

  @Test
  void a_client_that_asks_for_nothing_gets_prometheus_text() throws Exception {
    HttpResponse<String> answer = get("/metrics", "*/*");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(answer.body())
        .contains("# TYPE vethtrace_jvm_memory_used_bytes gauge")
        .doesNotContain("# EOF");
  }

  @Test
  void a_client_that_asks_for_open_metrics_gets_it() throws Exception {
    HttpResponse<String> answer =
        get("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(
            type -> assertThat(type).startsWith("application/openmetrics-text; version=1.0.0"));
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  @Test
  void health_and_readiness_have_paths_of_their_own() throws Exception {
    assertThat(get("/healthz", "*/*").statusCode()).isEqualTo(200);
    assertThat(get("/readyz", "*/*").statusCode()).isEqualTo(200);
    ready.set(false);
    assertThat(get("/readyz", "*/*").statusCode()).isEqualTo(503);
    assertThat(get("/healthz", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  void nothing_else_is_served() throws Exception {
    assertThat(get("/metrics/more", "*/*").statusCode()).isEqualTo(404);
    assertThat(get("/", "*/*").body()).contains("/metrics, /healthz and /readyz");
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(send(post).statusCode()).isEqualTo(405);
  }

  @Test
  void a_client_that_does_not_end_its_request_keeps_no_other_waiting() throws Exception {
    try (Socket silent = new Socket(server.address().getAddress(), server.address().getPort())) {
      silent.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
      assertThat(get("/healthz", "*/*").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void it_listens_on_loopback_unless_told_otherwise() {
    assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(MetricsAddress.parse("9477"))
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9477));
    assertThat(MetricsAddress.parse("0.0.0.0:9477").getAddress().isAnyLocalAddress()).isTrue();
    assertThat(MetricsAddress.parse("[::1]:9477").getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void what_is_no_address_is_refused_with_what_to_pass() {
    for (String wrong : List.of("", "host", "::1", "[]:1", "127.0.0.1:", "127.0.0.1:65536", "-1")) {
      assertThatThrownBy(() -> MetricsAddress.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pass HOST:PORT");
    }
  }

  @Test
  void an_address_that_is_taken_is_an_error() {
    assertThatThrownBy(() -> new MetricsServer(server.address(), registry, ready::get))
        .isInstanceOf(BindException.class);
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).header("Accept", accept).build());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }
}
