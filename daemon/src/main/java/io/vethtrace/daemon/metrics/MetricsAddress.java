package io.vethtrace.daemon.metrics;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address on which metrics are served. */
public final class MetricsAddress {
  private static final int MAX_PORT = 65535;

  private MetricsAddress() {}

  /**
   * Parses "HOST:PORT", "[IPV6]:PORT", or "PORT" alone, which is a port of the loopback address.
   *
   * @throws IllegalArgumentException with a sentence that says what to do
   */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port(text, text));
    }
    String host = host(text.substring(0, colon), text);
    InetSocketAddress address = new InetSocketAddress(host, port(text.substring(colon + 1), text));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "'%s' is not known: pass HOST:PORT with an address of this machine, such as 127.0.0.1:9477"
              .formatted(host));
    }
    return address;
  }

  private static String host(String host, String text) {
    boolean hasBrackets = host.startsWith("[") && host.endsWith("]");
    String inside = hasBrackets ? host.substring(1, host.length() - 1) : host;
    if (inside.isEmpty() || (!hasBrackets && inside.contains(":"))) {
      throw malformed(text);
    }
    return inside;
  }

  private static int port(String digits, String text) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw malformed(text);
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        ("'%s' is no address to serve metrics on: pass HOST:PORT, such as 127.0.0.1:9477, or a port"
                + " of loopback alone")
            .formatted(text));
  }
}
