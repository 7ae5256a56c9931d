package io.vethtrace.select;

import java.util.Locale;
import java.util.Map;

/** The names of protocols in a {@code Flow}. Other protocols have the number of IANA. */
public final class ProtocolNames {
  public static final String ARP = "arp";

  private static final Map<Integer, String> NAMES =
      Map.of(1, "icmp", 6, "tcp", 17, "udp", 58, "icmp6", 132, "sctp");
  private static final int MAX_NUMBER = 255;

  private ProtocolNames() {}

  /** Returns the name or the number of an IP protocol, as a {@code Flow} has it. */
  public static String name(int number) {
    return NAMES.getOrDefault(number, Integer.toString(number));
  }

  /** Returns the same for a name in any case, or a number, that a user wrote. */
  static String normalized(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals(ARP) || NAMES.containsValue(lower)) {
      return lower;
    }
    if (lower.matches("\\d{1,3}") && Integer.parseInt(lower) <= MAX_NUMBER) {
      return name(Integer.parseInt(lower));
    }
    throw new IllegalArgumentException(
        "'%s' is not a protocol; write tcp, udp, icmp, icmp6, arp, sctp or a number up to 255"
            .formatted(text));
  }
}
