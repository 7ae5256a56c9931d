package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Role;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Journey;
import java.util.Set;

/** Tells the frees by kfree_skb that are no faults from those that are. */
public record Noise(DropReasons reasons, Symbols symbols) {
  /** Functions that free an echo reply after a socket got its clone (net/ipv4/icmp.c, ping.c). */
  private static final Set<String> AFTER_DELIVERY = Set.of("icmp_rcv", "ping_rcv", "icmpv6_rcv");

  /** Frees a multicast that nobody here has joined (net/ipv6/ip6_input.c). */
  private static final String NOT_JOINED = "ip6_mc_input";

  /** Frees what a socket that is closed had not read (net/ipv4/af_inet.c). */
  private static final String UNREAD = "inet_sock_destruct";

  /**
   * What TCP says of segments that it has no use for: late, sent twice, for a connection that is
   * over (net/ipv4/tcp_input.c, tcp_ipv4.c). The sender learns of it by the protocol itself.
   */
  private static final Set<String> OF_NO_USE =
      Set.of(
          "",
          "NOT_SPECIFIED",
          "NO_SOCKET",
          "TCP_OLD_DATA",
          "TCP_OLD_SEQUENCE",
          "TCP_OLD_ACK",
          "TCP_TOO_OLD_ACK",
          "TCP_OFOMERGE",
          "TCP_CLOSE",
          "TCP_RESET",
          "TCP_ABORT_ON_DATA");

  /** Whether the journey's end by kfree_skb is none that matters. */
  public boolean isHarmless(Journey journey) {
    Event end = journey.last();
    if (end.has(Event.FLAG_REASON) && !reasons.isDrop(end.reason())) {
      return true;
    }
    if (names().reason(end).equals("QUEUE_PURGE") || place(end).equals(UNREAD)) {
      return true;
    }
    Keyed keyed = journey.keyed();
    return switch (keyed.key()) {
      case ConversationKey.Echo _ -> keyed.role() == Role.REPLY && isAfterDelivery(end);
      case ConversationKey.Alone alone ->
          alone.target().isMulticastAddress() && place(end).equals(NOT_JOINED);
      case ConversationKey.Flow _ -> isSegmentOfNoUse(journey, end);
      case ConversationKey.Neighbour _ -> false;
    };
  }

  private boolean isSegmentOfNoUse(Journey journey, Event end) {
    return (Header.is(journey, Header.Kind.SEGMENT) || Header.is(journey, Header.Kind.RESET))
        && place(end).startsWith("tcp_")
        && OF_NO_USE.contains(names().reason(end));
  }

  private boolean isAfterDelivery(Event end) {
    return switch (names().reason(end)) {
      case "NO_SOCKET" -> true;
      // By the place alone, where the kernel gives no reason that says more.
      case "", "NOT_SPECIFIED" -> AFTER_DELIVERY.contains(place(end));
      default -> !reasons.known() && AFTER_DELIVERY.contains(place(end));
    };
  }

  private String place(Event end) {
    return names().place(end);
  }

  private EventNames names() {
    return new EventNames(reasons, symbols);
  }
}
