package io.vethtrace.daemon.kernel.route;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A question to the kernel: which way would it send this packet (RTM_GETROUTE, rtnetlink(7))?
 *
 * @param source empty where the kernel is to choose it
 * @param iif the device that the packet came in by; 0 for a packet of this host's own
 * @param oif the device that its socket is bound to; 0 for none
 * @param mark the packet's or the socket's mark
 */
public record RouteQuery(
    InetAddress destination, Optional<InetAddress> source, int iif, int oif, int mark) {
  /** A packet of this host's own, to {@code destination}. */
  public static RouteQuery to(InetAddress destination) {
    return new RouteQuery(destination, Optional.empty(), 0, 0, 0);
  }

  /** A packet that came in by {@code iif}. */
  public static RouteQuery forwarded(InetAddress source, InetAddress destination, int iif) {
    return new RouteQuery(destination, Optional.of(source), iif, 0, 0);
  }
}
