package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Failure;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The address of a daemon: {@code unix:PATH} or {@code HOST:PORT}. */
public sealed interface ServerAddress {
  ServerAddress DEFAULT = new Unix(Path.of("/run/vethtrace/vethtrace.sock"));

  SocketAddress socketAddress();

  record Unix(Path path) implements ServerAddress {
    @Override
    public SocketAddress socketAddress() {
      return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  record Tcp(String host, int port) implements ServerAddress {
    @Override
    public SocketAddress socketAddress() {
      return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** Reads an address as the user wrote it. */
  static ServerAddress parse(String text) {
    return text.startsWith("unix:") ? unix(text.substring("unix:".length())) : tcp(text);
  }

  private static ServerAddress unix(String path) {
    try {
      if (!path.isEmpty()) {
        return new Unix(Path.of(path).toAbsolutePath());
      }
    } catch (InvalidPathException e) {
      // The error below is the same for every malformed address.
    }
    throw malformed("unix:" + path);
  }

  private static ServerAddress tcp(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[(.*)]$", "$1");
    String port = text.substring(colon + 1);
    if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
      throw malformed(text);
    }
    return new Tcp(host, Integer.parseInt(port));
  }

  private static Failure malformed(String text) {
    return Failure.usage(
        "'%s' is not a server address; write unix:PATH or HOST:PORT".formatted(text));
  }
}
