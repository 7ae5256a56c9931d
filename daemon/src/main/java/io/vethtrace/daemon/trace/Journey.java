package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Packet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One skb from first to last sight.
 *
 * @param id unique in this daemon's life, rising
 * @param packet the headers as first seen
 * @param hops at least one, in order
 * @param skippedHops hops beyond {@link JourneyTracker#MAX_HOPS} that were not kept
 */
public record Journey(long id, Packet packet, List<Event> hops, End end, int skippedHops) {

  /** How a journey ended. */
  public enum End {
    /** The kernel freed the skb after use. */
    CONSUMED,
    /** The kernel dropped the skb. */
    DROPPED,
    /** No further sight. */
    OUT_OF_SIGHT
  }

  public Journey {
    if (hops.isEmpty()) {
      throw new IllegalArgumentException("hops=0");
    }
    hops = List.copyOf(hops);
  }

  public Event first() {
    return hops.getFirst();
  }

  public Event last() {
    return hops.getLast();
  }

  /** The packet in tcpdump's words. */
  public String summary() {
    return packet.summary();
  }

  /** The conversation that its packet belongs to, and its role there. */
  public ConversationKey.Keyed keyed() {
    return ConversationKey.of(packet);
  }

  /**
   * As the packet was last seen: address translation changes it on its way, and turns the addresses
   * of a reply into those that the request began with (net/netfilter/nf_nat_core.c).
   */
  ConversationKey.Keyed keyedAtEnd() {
    return ConversationKey.of(Packet.parse(last().frame()));
  }

  /** The first hop that fits. */
  public Optional<Event> hop(Predicate<Event> fits) {
    return hops.stream().filter(fits).findFirst();
  }

  /** The first hop at this probe point. */
  public Optional<Event> hop(Hook hook) {
    return hop(event -> event.hook() == hook);
  }

  /** The last hop at which a device handed the skb to a stack; empty where none did. */
  public Optional<Event> received() {
    return hops.reversed().stream().filter(event -> event.hook().isReceive()).findFirst();
  }

  /** Inodes of the namespaces that the skb was seen in; 0, "unknown", is left out. */
  public Set<Integer> namespaces() {
    return hops.stream().map(Event::netns).filter(n -> n != 0).collect(Collectors.toSet());
  }
}
