package io.vethtrace.daemon.diagnose.socket;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The destination of a packet as one hop saw it: NAT may have changed what the first hop saw.
 *
 * @param name "TCP" or "UDP"
 */
record SocketDestination(int protocol, String name, InetAddress address, int port) {
  static final int TCP = 6;
  static final int UDP = 17;

  /** Empty where the hop's packet has no ports. */
  static Optional<SocketDestination> of(Event hop) {
    return IpHeader.of(hop)
        .filter(header -> !header.transport().isEmpty())
        .map(header ->
            new SocketDestination(
                header.protocol(),
                header.transport(),
                header.destination(),
                header.destinationPort()));
  }

  /** The address alone, in brackets if it is one of IPv6. */
  String uri() {
    return InetAddresses.toUriString(address);
  }

  String endpoint() {
    return uri() + ":" + port;
  }
}
