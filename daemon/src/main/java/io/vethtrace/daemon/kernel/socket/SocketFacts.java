package io.vethtrace.daemon.kernel.socket;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The sockets of a namespace that wait for others, and what its protocols counted.
 *
 * @param wasRead true if the sockets were requested and could be read
 * @param counters "TcpExt.ListenOverflows", as nstat calls them without the dot
 */
public record SocketFacts(boolean wasRead, List<InetSocket> sockets, Map<String, Long> counters) {
  public static final SocketFacts NONE = new SocketFacts(false, List.of(), Map.of());

  public SocketFacts {
    sockets = List.copyOf(sockets);
    counters = Map.copyOf(counters);
  }

  /** Those of this protocol at this port, whichever address they are bound to. */
  public Stream<InetSocket> at(int protocol, int port) {
    return sockets.stream().filter(s -> s.protocol() == protocol && s.port() == port);
  }

  /** The one that gets packets to this address and port; rather one bound to just that address. */
  public Optional<InetSocket> taker(int protocol, InetAddress address, int port) {
    return at(protocol, port)
        .filter(socket -> socket.accepts(address))
        .min((a, b) ->
            Boolean.compare(a.address().isAnyLocalAddress(), b.address().isAnyLocalAddress()));
  }

  public OptionalLong counter(String name) {
    Long value = counters.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
