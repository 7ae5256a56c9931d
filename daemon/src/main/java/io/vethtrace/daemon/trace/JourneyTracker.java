package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.trace.Journey.End;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins events to journeys. An skb's address is only lent: it names the same packet as long as the
 * packet's {@link Fingerprint} stays, or else its data (sk_buff.head), and no end was seen.
 *
 * <p>The look-up of a route is of a packet that has no skb yet, and a journey by itself.
 *
 * <p>Every event is accounted for: events = joined + ignored, where ignored ones are the frees of
 * skbs that no other hook saw (clones for taps, for example).
 */
public final class JourneyTracker {
  /** Hops kept of one journey; a loop in the network must not fill the memory. */
  public static final int MAX_HOPS = 64;

  /** Without a further sight for this long a journey is taken to have left. */
  public static final long IDLE_NS = 1_000_000_000L;

  private static final int MAX_OPEN = 1 << 16;

  private final SequencedMap<Long, Open> open = new LinkedHashMap<>();
  private final Consumer<Journey> ended;
  private long nextId = 1;
  private long joined;
  private long ignored;

  /** {@code ended} gets each journey as it ends, on the caller's thread. */
  public JourneyTracker(Consumer<Journey> ended) {
    this.ended = ended;
  }

  /** Takes one event, in ring order. */
  public void accept(Event event) {
    if (event.hook().isLookup()) {
      joined++;
      end(new Open(event), End.OUT_OF_SIGHT);
      return;
    }
    Open journey = continued(event);
    if (journey == null && event.hook() == Hook.CONSUME_SKB) {
      ignored++;
      return;
    }
    joined++;
    if (journey == null) {
      journey = begin(event);
    } else {
      journey.add(event);
    }
    if (event.hook().isEnd()) {
      open.remove(event.skb());
      end(journey, event.hook() == Hook.KFREE_SKB ? End.DROPPED : End.CONSUMED);
    }
  }

  /** Ends the journeys without a sight since {@link #IDLE_NS} before {@code nowNs}. */
  public void tick(long nowNs) {
    Iterator<Open> all = open.values().iterator();
    while (all.hasNext()) {
      Open journey = all.next();
      if (nowNs - journey.lastNs > IDLE_NS) {
        all.remove();
        end(journey, End.OUT_OF_SIGHT);
      }
    }
  }

  /** Events that became part of a journey. */
  public long joined() {
    return joined;
  }

  /** Events of skbs that nothing but their end was seen of. */
  public long ignored() {
    return ignored;
  }

  private @Nullable Open continued(Event event) {
    Open journey = open.get(event.skb());
    if (journey == null || journey.mayBe(event)) {
      return journey;
    }
    open.remove(event.skb());
    end(journey, End.OUT_OF_SIGHT);
    return null;
  }

  private Open begin(Event event) {
    if (open.size() >= MAX_OPEN) {
      end(open.sequencedValues().removeFirst(), End.OUT_OF_SIGHT);
    }
    Open journey = new Open(event);
    open.put(event.skb(), journey);
    return journey;
  }

  private void end(Open journey, End end) {
    Packet packet = Packet.parse(journey.hops.getFirst().frame());
    ended.accept(new Journey(nextId++, packet, journey.hops, end, journey.skipped));
  }

  /** A journey that has not ended yet. */
  private static final class Open {
    final List<Event> hops = new ArrayList<>(6);
    private final long fingerprint;
    private final long skbHead;
    long lastNs;
    int skipped;

    Open(Event first) {
      fingerprint = Fingerprint.of(first.frame());
      skbHead = first.skbHead();
      add(first);
    }

    /** Whether {@code event} can be a further sight of this packet. */
    boolean mayBe(Event event) {
      if (event.hook().isTransmit() && sentBy(event)) {
        // The end was not seen: a retransmitted ARP request in the same memory looks the same.
        return false;
      }
      long other = Fingerprint.of(event.frame());
      if (fingerprint == Fingerprint.UNKNOWN || other == Fingerprint.UNKNOWN) {
        return skbHead == event.skbHead();
      }
      return fingerprint == other;
    }

    private boolean sentBy(Event event) {
      return hops.stream()
          .anyMatch(hop ->
              hop.hook() == event.hook()
                  && hop.ifindex() == event.ifindex()
                  && hop.netns() == event.netns());
    }

    void add(Event event) {
      lastNs = event.ktimeNs();
      if (hops.size() < MAX_HOPS || event.hook().isEnd()) {
        hops.add(event);
      } else {
        skipped++;
      }
    }
  }
}
