package io.vethtrace.select;

import java.util.Locale;
import java.util.Map;

/** The protocols that have a name in a {@code Flow}; others are IANA's number. */
public final class ProtocolNames {
  public static final String ARP = "arp";

  private static final Map<Integer, String> NAMES =
      Map.of(1, "icmp", 6, "tcp", 17, "udp", 58, "icmp6", 132, "sctp");
  private static final int MAX_NUMBER = 255;

  private ProtocolNames() {}

  /** What a {@code Flow} says of IP's protocol number. */
  public static String name(int number) {
    return NAMES.getOrDefault(number, Integer.toString(number));
  }

  /** The same for what a user wrote: a name in any case, or a number. */
  static String normalized(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals(ARP) || NAMES.containsValue(lower)) {
      return lower;
    }
    if (lower.matches("\\d{1,3}") && Integer.parseInt(lower) <= MAX_NUMBER) {
      return name(Integer.parseInt(lower));
    }
    throw new IllegalArgumentException(
        "'%s' is no protocol: write tcp, udp, icmp, icmp6, arp, sctp or a number up to 255"
            .formatted(text));
  }
}
