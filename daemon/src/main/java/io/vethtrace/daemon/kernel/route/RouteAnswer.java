package io.vethtrace.daemon.kernel.route;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** The kernel's answer to a {@link RouteQuery}. */
public sealed interface RouteAnswer {
  /**
   * It has a way.
   *
   * @param type RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST ... (linux/rtnetlink.h)
   * @param oif the device that the packet would leave by
   * @param gateway the next hop; empty where the destination is on the link
   * @param mtu the path's, where it is smaller than the device's
   */
  record Way(RouteType type, int oif, Optional<InetAddress> gateway, OptionalInt mtu)
      implements RouteAnswer {}

  /** It has none: a positive errno. */
  record Refused(int errno) implements RouteAnswer {}
}
