package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.trace.Journey.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A journey that has not ended yet, or whose clones may still be on their way. */
final class OpenJourney {
  private final long id;
  private final long branchOf;
  private final List<Event> hops;
  private final int inheritedHops;
  private long fingerprint;
  private long skbHead;
  private long lastNs;
  private int skipped;

  OpenJourney(long id, Event first, long fingerprint) {
    this(id, 0, new ArrayList<>(6), first, fingerprint);
  }

  private OpenJourney(
      long id, long branchOf, List<Event> inherited, Event first, long fingerprint) {
    this.id = id;
    this.branchOf = branchOf;
    hops = inherited;
    inheritedHops = inherited.size();
    this.fingerprint = fingerprint;
    add(first, fingerprint);
  }

  /**
   * The journey of a clone of this one's skb, with the way that both have in common: where the
   * packet was sent and received. What was decided about it is left out, and so is its end: nothing
   * tells whether that was before the clone was made.
   */
  OpenJourney branch(long newId, Event first, long ofFirst) {
    List<Event> past = new ArrayList<>(hops.size() + 4);
    for (Event hop : hops) {
      if (hop.hook().isTransmit() || hop.hook().isReceive()) {
        past.add(hop);
      }
    }
    return new OpenJourney(newId, id, past, first, ofFirst);
  }

  /**
   * Returns true if {@code event}, which is about the same skb, can be a further hop of this
   * packet.
   */
  boolean mayContinueWith(Event event, long ofEvent) {
    if (event.hook().isTransmit() && hasPassed(event)) {
      // The end was not seen: a retransmitted ARP request in the same memory looks the same.
      return false;
    }
    return isSamePacket(event, ofEvent);
  }

  /**
   * Returns true if {@code event}, which is about a new skb, can be the first hop of a clone: the
   * clone shares the data. A packet that passes a place which this packet has passed already was
   * sent again.
   */
  boolean mayBranchTo(Event event, long ofEvent) {
    return skbHead == event.skbHead() && isSamePacket(event, ofEvent) && !hasPassed(event);
  }

  /**
   * Returns true if {@code event}, which is about a new skb, can be the first hop of the copy that
   * replaced this packet's skb when that was consumed.
   */
  boolean mayBeCopiedTo(Event event, long ofEvent) {
    return isAt(hops.getLast(), event) && Fingerprint.agree(fingerprint, ofEvent);
  }

  /**
   * Returns true if the last hops are a veth's transmission and then the use of the skb. With XDP,
   * veth copies frames that lack room or share their data into a new skb (drivers/net/veth.c,
   * veth_xdp_rcv_skb in 5.10; veth_convert_skb_to_xdp_buff in 6.1 and newer).
   */
  boolean mayHaveBeenCopied() {
    int count = hops.size();
    return count > 1
        && hops.get(count - 1) instanceof Event.Consumption
        && hops.get(count - 2).hook() == Hook.VETH_XMIT;
  }

  /**
   * Returns true if the event is about the same packet. Without the payload of both, only the same
   * data proves it; without any fingerprint, an end or a transmission must be in the same namespace
   * too, because others reuse the memory.
   */
  private boolean isSamePacket(Event event, long ofEvent) {
    if (fingerprint == ofEvent && !Fingerprint.isPartial(ofEvent)) {
      return true;
    }
    boolean unknown = fingerprint == Fingerprint.UNKNOWN || ofEvent == Fingerprint.UNKNOWN;
    return skbHead == event.skbHead()
        && (unknown ? isNoStranger(event) : Fingerprint.agree(fingerprint, ofEvent));
  }

  /** A packet that is not known does not end, or leave, where it was not seen to arrive. */
  private boolean isNoStranger(Event event) {
    int last = hops.getLast().netns();
    boolean mustHaveArrived = event instanceof Event.SkbFree || event.hook().isTransmit();
    return !mustHaveArrived || event.netns() == last || event.netns() == 0 || last == 0;
  }

  private boolean hasPassed(Event event) {
    for (Event hop : hops) {
      if (hop.hook() == event.hook() && isAt(hop, event)) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if it passed one of these namespaces; an empty set stands for all. */
  boolean hasPassed(Set<Integer> netns) {
    return netns.isEmpty() || hops.stream().anyMatch(hop -> netns.contains(hop.netns()));
  }

  long firstNs() {
    return hops.getFirst().ktimeNs();
  }

  private static boolean isAt(Event hop, Event event) {
    return hop.ifindex() == event.ifindex() && hop.netns() == event.netns();
  }

  void add(Event event, long ofEvent) {
    lastNs = event.ktimeNs();
    skbHead = event.skbHead();
    if (Fingerprint.isPartial(fingerprint)) {
      fingerprint = ofEvent == Fingerprint.UNKNOWN ? fingerprint : ofEvent;
    }
    if (hops.size() - inheritedHops < Journey.MAX_HOPS || event instanceof Event.SkbFree) {
      hops.add(event);
    } else {
      skipped++;
    }
  }

  long skbHead() {
    return skbHead;
  }

  long lastNs() {
    return lastNs;
  }

  long fingerprint() {
    return fingerprint;
  }

  Event last() {
    return hops.getLast();
  }

  Journey ended(End end) {
    Packet packet = Packet.parse(hops.getFirst().frame());
    return new Journey(id, branchOf, packet, hops, inheritedHops, end, skipped);
  }
}
