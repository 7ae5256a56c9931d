package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Role;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.net.Inet6Address;
import java.util.Set;

/** Tells the frees by kfree_skb that are no faults from those that are. */
public record Noise(DropReasons reasons, Symbols symbols) {
  /** Functions that free an echo reply after a socket got its clone (net/ipv4/icmp.c, ping.c). */
  private static final Set<String> AFTER_DELIVERY = Set.of("icmp_rcv", "ping_rcv", "icmpv6_rcv");

  /** Frees a multicast that nobody here has joined (net/ipv6/ip6_input.c). */
  private static final String NOT_JOINED = "ip6_mc_input";

  /** Whether the journey's end by kfree_skb is none that matters. */
  public boolean isHarmless(Journey journey) {
    Event end = journey.last();
    if (end.has(Event.FLAG_REASON) && !reasons.isDrop(end.reason())) {
      return true;
    }
    Keyed keyed = journey.keyed();
    return switch (keyed.key()) {
      case ConversationKey.Echo _ -> keyed.role() == Role.REPLY && isAfterDelivery(end);
      case ConversationKey.Alone alone ->
          alone.target().isMulticastAddress() && place(end).equals(NOT_JOINED);
      case ConversationKey.Neighbour neighbour ->
          neighbour.target() instanceof Inet6Address && isDiscovery(end);
      case ConversationKey.Flow _ -> false;
    };
  }

  /**
   * Whether neighbour discovery is done with the packet: up to 6.2 icmpv6_rcv frees with kfree_skb
   * what ndisc_rcv has read (net/ipv6/icmp.c); a solicitation goes to all whose address ends alike.
   */
  private boolean isDiscovery(Event end) {
    String reason = names().reason(end);
    return place(end).equals(NOT_JOINED)
        || ((reason.isEmpty() || reason.equals("NOT_SPECIFIED"))
            && place(end).equals("icmpv6_rcv"));
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
