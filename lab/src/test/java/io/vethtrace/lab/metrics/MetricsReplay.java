package io.vethtrace.lab.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves recorded metrics of a daemon on the loopback, one text after the other. */
final class MetricsReplay implements AutoCloseable {
  /** The minimum number of scrapes of each text: a rate over seconds needs some. */
  private static final int SCRAPES = 6;

  private static final int OK = 200;

  private final List<String> texts;
  private final AtomicInteger scrapes = new AtomicInteger();
  private final HttpServer server;

  MetricsReplay(List<String> texts) throws IOException {
    this.texts = texts;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/metrics", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    int which = Math.min(scrapes.getAndIncrement() / SCRAPES, texts.size() - 1);
    byte[] text = texts.get(which).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(OK, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  boolean isOver() {
    return scrapes.get() > texts.size() * SCRAPES;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
