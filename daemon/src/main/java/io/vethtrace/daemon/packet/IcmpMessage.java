package io.vethtrace.daemon.packet;

/** The names of ICMP's messages, as people search for them (IANA, icmp- and icmpv6-parameters). */
final class IcmpMessage {
  private IcmpMessage() {}

  /** "type 40, code 1" where it has none here. */
  static String name(boolean v6, int type, int code) {
    String name = v6 ? v6(type, code) : v4(type, code);
    return name.isEmpty() ? "type %d, code %d".formatted(type, code) : name;
  }

  private static String v4(int type, int code) {
    return switch (type) {
      case 3 -> unreachable(code);
      case 4 -> "source quench";
      case 5 -> "redirect";
      case 11 -> code == 0 ? "time exceeded in transit" : "time exceeded in reassembly";
      case 12 -> "parameter problem";
      default -> "";
    };
  }

  /** RFC 792, RFC 1191 and RFC 1812 5.2.7.1. */
  private static String unreachable(int code) {
    return switch (code) {
      case 0 -> "network unreachable";
      case 1 -> "host unreachable";
      case 2 -> "protocol unreachable";
      case 3 -> "port unreachable";
      case 4 -> "fragmentation needed";
      case 5 -> "source route failed";
      case 6 -> "network unknown";
      case 7 -> "host unknown";
      case 9, 10, 13 -> "administratively prohibited";
      default -> "";
    };
  }

  private static String v6(int type, int code) {
    return switch (type) {
      case 1 -> unreachableV6(code);
      case 2 -> "packet too big";
      case 3 -> code == 0 ? "hop limit exceeded in transit" : "time exceeded in reassembly";
      case 4 -> "parameter problem";
      case 130 -> "multicast listener query";
      case 131 -> "multicast listener report";
      case 132 -> "multicast listener done";
      case 133 -> "router solicitation";
      case 134 -> "router advertisement";
      case 137 -> "redirect";
      case 143 -> "multicast listener report v2";
      default -> "";
    };
  }

  /** RFC 4443 3.1. */
  private static String unreachableV6(int code) {
    return switch (code) {
      case 0 -> "no route";
      case 1 -> "administratively prohibited";
      case 2 -> "beyond scope of source address";
      case 3 -> "address unreachable";
      case 4 -> "port unreachable";
      case 5 -> "source address failed policy";
      case 6 -> "route rejected";
      default -> "";
    };
  }
}
