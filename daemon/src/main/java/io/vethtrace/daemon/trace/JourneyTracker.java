package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.trace.Journey.End;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins events to journeys. An skb's address is only lent: it names the same packet as long as the
 * packet's {@link Fingerprint} stays, or else its data (sk_buff.head), and no end was seen. An skb
 * not seen before that shares the data of a journey is a clone and begins a branch of it; one that
 * took the place of a consumed skb continues it.
 *
 * <p>The look-up of a route is of a packet that has no skb yet, and a journey by itself.
 *
 * <p>Every event is accounted for: events = joined + ignored, where ignored ones are the frees of
 * skbs that no other hook saw (clones for taps, for example).
 */
public final class JourneyTracker {
  /** The time without a further event after which a journey is over. */
  public static final long IDLE_NS = 1_000_000_000L;

  private static final int MAX_OPEN = 1 << 16;

  private final SequencedMap<Long, OpenJourney> open = new LinkedHashMap<>();
  private final CloneTracker clones;
  private final Consumer<Journey> ended;
  private long nextId = 1;
  private long joined;
  private long ignored;

  /** {@code ended} gets each journey as it ends, on the caller's thread. */
  public JourneyTracker(Consumer<Journey> ended) {
    this.ended = ended;
    clones = new CloneTracker(journey -> end(journey, End.CONSUMED));
  }

  /** Takes one event, in ring order. */
  public void accept(Event event) {
    long fingerprint = Fingerprint.of(event.frame());
    if (event instanceof Event.RouteLookup) {
      joined++;
      end(new OpenJourney(nextId++, event, fingerprint), End.OUT_OF_SIGHT);
      return;
    }
    OpenJourney journey = continued(event, fingerprint);
    if (journey == null && event instanceof Event.Consumption) {
      ignored++;
      return;
    }
    joined++;
    if (journey == null) {
      journey = begin(event, fingerprint);
    } else {
      add(journey, event, fingerprint);
    }
    if (event instanceof Event.SkbFree) {
      open.remove(event.skb());
      finish(journey, event);
    }
  }

  /** Ends the journeys without an event since {@link #IDLE_NS} before {@code nowNs}. */
  public void tick(long nowNs) {
    clones.tick(nowNs);
    Iterator<OpenJourney> all = open.values().iterator();
    while (all.hasNext()) {
      OpenJourney journey = all.next();
      if (nowNs - journey.lastNs() > IDLE_NS) {
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

  /**
   * Returns true if every journey has ended that began before {@code beforeNs} and passed one of
   * these namespaces; an empty set stands for all namespaces.
   */
  public boolean isQuiet(Set<Integer> netns, long beforeNs) {
    return Stream.concat(open.values().stream(), clones.heldBack())
        .noneMatch(journey -> journey.firstNs() < beforeNs && journey.hasPassed(netns));
  }

  private @Nullable OpenJourney continued(Event event, long fingerprint) {
    OpenJourney journey = open.get(event.skb());
    if (journey == null || journey.mayContinueWith(event, fingerprint)) {
      return journey;
    }
    open.remove(event.skb());
    end(journey, End.OUT_OF_SIGHT);
    return null;
  }

  private void add(OpenJourney journey, Event event, long fingerprint) {
    boolean sameHead = journey.skbHead() == event.skbHead();
    journey.add(event, fingerprint);
    if (!sameHead) {
      clones.add(journey); // pskb_expand_head moved the data, net/core/skbuff.c
    }
  }

  private OpenJourney begin(Event event, long fingerprint) {
    if (open.size() >= MAX_OPEN) {
      end(open.sequencedValues().removeFirst(), End.OUT_OF_SIGHT);
    }
    OpenJourney journey = begun(event, fingerprint);
    open.put(event.skb(), journey);
    return journey;
  }

  private OpenJourney begun(Event event, long fingerprint) {
    OpenJourney parent = clones.parentOf(event, fingerprint);
    if (parent != null) {
      // The parent stays the one that is found: the next clone is more likely its than a clone's.
      return parent.branch(nextId++, event, fingerprint);
    }
    OpenJourney journey = clones.takeCopied(event, fingerprint);
    if (journey == null) {
      journey = new OpenJourney(nextId++, event, fingerprint);
    } else {
      journey.add(event, fingerprint);
    }
    clones.add(journey);
    return journey;
  }

  private void finish(OpenJourney journey, Event last) {
    if (journey.mayHaveBeenCopied()) {
      clones.expectCopy(journey);
    } else {
      end(journey, last instanceof Event.Drop ? End.DROPPED : End.CONSUMED);
    }
  }

  private void end(OpenJourney journey, End end) {
    ended.accept(journey.ended(end));
  }
}
