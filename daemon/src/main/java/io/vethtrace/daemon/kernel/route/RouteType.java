package io.vethtrace.daemon.kernel.route;

import java.util.Locale;

/** RTN_UNSPEC and what follows (include/uapi/linux/rtnetlink.h): the ordinal is its number. */
public enum RouteType {
  UNSPEC,
  UNICAST,
  LOCAL,
  BROADCAST,
  ANYCAST,
  MULTICAST,
  BLACKHOLE,
  UNREACHABLE,
  PROHIBIT,
  THROW,
  NAT,
  XRESOLVE;

  private static final RouteType[] VALUES = values();

  static RouteType of(int number) {
    return number >= 0 && number < VALUES.length ? VALUES[number] : UNSPEC;
  }

  /** Returns true if the kernel refuses packets that match this route. */
  public boolean isRefusal() {
    return this == BLACKHOLE || this == UNREACHABLE || this == PROHIBIT;
  }

  /** Returns the word of ip-route(8) for this type. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
