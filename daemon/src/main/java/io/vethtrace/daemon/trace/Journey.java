package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One skb from its first to its last hop; before it, if it is a clone, the way that it has in
 * common with the skb that it was cloned from.
 *
 * @param id unique in this daemon's life, rising with the first hop
 * @param branchOf id of the journey whose skb this one's was cloned from; 0 where it is no clone
 * @param packet the headers as first seen
 * @param hops at least one, in order
 * @param inheritedHops how many of the first hops are those of {@code branchOf}
 * @param skippedHops hops beyond {@link #MAX_HOPS} that were not kept
 */
public record Journey(
    long id,
    long branchOf,
    Packet packet,
    List<Event> hops,
    int inheritedHops,
    End end,
    int skippedHops) {

  /** The limit of hops that a journey keeps: a loop in the network must not fill the memory. */
  public static final int MAX_HOPS = 64;

  /** The end of a journey. */
  public enum End {
    /** The kernel freed the skb after use. */
    CONSUMED,
    /** The kernel dropped the skb. */
    DROPPED,
    /** The packet was not seen again. */
    OUT_OF_SIGHT
  }

  public Journey {
    if (hops.isEmpty()) {
      throw new IllegalArgumentException("hops=0");
    }
    hops = List.copyOf(hops);
  }

  /**
   * Returns true if it is the journey of a clone: the packet belongs to another journey, which
   * counts it.
   */
  public boolean isBranch() {
    return branchOf != 0;
  }

  public boolean isDropped() {
    return end == End.DROPPED;
  }

  public Event first() {
    return hops.getFirst();
  }

  public Event last() {
    return hops.getLast();
  }

  /**
   * Returns the fingerprint of the first hop that saw the payload too, else of the first hop;
   * {@link Fingerprint#UNKNOWN} for a packet that is not known here.
   */
  public long fingerprint() {
    long first = Fingerprint.of(first().frame());
    for (int i = 1; i < hops.size() && Fingerprint.isPartial(first); i++) {
      long later = Fingerprint.of(hops.get(i).frame());
      first = Fingerprint.agree(first, later) ? later : first;
    }
    return first;
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
   * All keys under which its conversation may be known: as first seen, as NAT rewrote it on its
   * way, and, of an echo to many or an answer to one, by anybody.
   */
  List<ConversationKey.Keyed> names() {
    List<ConversationKey.Keyed> names = new ArrayList<>(1);
    names.add(keyed());
    Frame known = first().frame();
    for (Event hop : hops) {
      if (!hop.frame().hasSameEnds(known)) {
        known = hop.frame();
        translated(Packet.parse(known))
            .filter(keyed -> !names.contains(keyed))
            .ifPresent(names::add);
      }
    }
    if (names.getFirst().key() instanceof ConversationKey.Echo echo && mayConcernMany(echo)) {
      names.add(new ConversationKey.Keyed(echo.byAnybody(), names.getFirst().role()));
    }
    return names;
  }

  /** Empty for another packet than this one: a tunnel's, of which one shows the inside. */
  private Optional<ConversationKey.Keyed> translated(Packet later) {
    return packet instanceof IpPacket mine
            && later instanceof IpPacket ip
            && ip.isTranslationOf(mine)
        ? Optional.of(ConversationKey.of(ip))
        : Optional.empty();
  }

  private boolean mayConcernMany(ConversationKey.Echo echo) {
    return keyed().role() == ConversationKey.Role.REPLY || isToMany(echo);
  }

  private boolean isToMany(ConversationKey.Echo echo) {
    return echo.target().isMulticastAddress() || hops.stream().anyMatch(h -> h.frame().isToMany());
  }

  /** The first hop that fits. */
  public Optional<Event> hop(Predicate<Event> fits) {
    return hops.stream().filter(fits).findFirst();
  }

  /** The first hop at this probe point. */
  public Optional<Event> hop(Hook hook) {
    return hop(event -> event.hook() == hook);
  }

  /** The source check that refused the packet; empty if none did or none was seen. */
  public Optional<Event.SourceCheck> refusedSourceCheck() {
    for (Event event : hops) {
      if (event instanceof Event.SourceCheck check && check.isRefused()) {
        return Optional.of(check);
      }
    }
    return Optional.empty();
  }

  /** The last hop at which a device handed the skb to a stack; empty where none did. */
  public Optional<Event> received() {
    return hops.reversed().stream().filter(event -> event.hook().isReceive()).findFirst();
  }

  /**
   * Returns the hop at which the receiving stack used or dropped the packet; empty if no stack
   * received it. It is on another device than the receiving one if that device passed it up without
   * receiving it again, to a VLAN device for example (net/core/dev.c, __netif_receive_skb_core,
   * another_round).
   */
  public Optional<Event> taken() {
    return received()
        .map(hop -> last() instanceof Event.SkbFree && last().ifindex() != 0 ? last() : hop);
  }
}
