package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Role;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
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
      case ConversationKey.Echo _ ->
          keyed.role() == Role.REPLY
              && (isAfterDelivery(end) || (isNameless(end) && wasTaken(journey)));
      case ConversationKey.Alone alone ->
          alone.target().isMulticastAddress() && place(end).equals(NOT_JOINED);
      case ConversationKey.Neighbour _, ConversationKey.Flow _ -> false;
    };
  }

  private boolean isAfterDelivery(Event end) {
    return switch (names().reason(end)) {
      case "NO_SOCKET" -> true;
      // By the place alone, where the kernel gives no reason that says more.
      case "", "NOT_SPECIFIED" -> AFTER_DELIVERY.contains(place(end));
      default -> !reasons.known() && AFTER_DELIVERY.contains(place(end));
    };
  }

  /** Whether names tell neither why nor where: they are hidden, or the kernel has none. */
  boolean isNameless(Event end) {
    return !hasReasonName(end) && symbols.name(end.place()).isEmpty();
  }

  /** NOT_SPECIFIED names nothing. */
  private boolean hasReasonName(Event end) {
    return end.has(Event.FLAG_REASON)
        && reasons.name(end.reason()).filter(name -> !name.equals("NOT_SPECIFIED")).isPresent();
  }

  /**
   * Whether a received packet looks like one that a socket took: the socket gets a clone, which
   * leaves its mark on the packet (net/ipv4/raw.c, net/ipv4/ping.c: skb_clone).
   */
  private static boolean wasTaken(Journey journey) {
    return journey.last().has(Event.FLAG_CLONED)
        && journey.received().filter(hop -> hop.netns() == journey.last().netns()).isPresent()
        && journey.hop(hop -> hop.has(Event.FLAG_RESULT) && hop.result() < 0).isEmpty();
  }

  private String place(Event end) {
    return names().place(end);
  }

  private EventNames names() {
    return new EventNames(reasons, symbols);
  }
}
