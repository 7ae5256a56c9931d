package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Fingerprint;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the journey that an skb not seen before carries on: that of the skb whose clone it is, or
 * whose copy. Holds a bounded number for a bounded time, one in a slot: the newer displaces the
 * older.
 */
final class CloneTracker {
  /**
   * A clone is seen this soon or has no past. The longest wait is macvlan's for its workqueue
   * (drivers/net/macvlan.c, macvlan_broadcast_enqueue); heads are in use again within microseconds.
   */
  static final long RECENT_NS = 100_000_000L;

  /** A copy is received in the poll that made it, or never. */
  static final long COPIED_NS = 10_000_000L;

  private static final int PARENT_BITS = 13;
  private static final int COPIED_BITS = 10;

  private final @Nullable OpenJourney[] parents = new OpenJourney[1 << PARENT_BITS];
  private final @Nullable OpenJourney[] copied = new OpenJourney[1 << COPIED_BITS];
  private final Consumer<OpenJourney> notCopied;

  /** {@code notCopied} gets the journeys that were held back and then had no copy. */
  CloneTracker(Consumer<OpenJourney> notCopied) {
    this.notCopied = notCopied;
  }

  /** Adds a journey whose clones are to be found. */
  void add(OpenJourney journey) {
    parents[parentSlot(journey.skbHead())] = journey;
  }

  /** The journey whose skb the event's is a clone of; null where none is known. */
  @Nullable OpenJourney parentOf(Event event, long ofEvent) {
    if (!event.isCloned()) {
      return null;
    }
    OpenJourney parent = parents[parentSlot(event.skbHead())];
    return parent != null
            && isWithin(RECENT_NS, parent, event.ktimeNs())
            && parent.mayBranchTo(event, ofEvent)
        ? parent
        : null;
  }

  /** Holds a journey back whose skb was consumed: its copy may follow. */
  void expectCopy(OpenJourney journey) {
    int slot = copiedSlot(journey.last(), journey.fingerprint());
    OpenJourney displaced = copied[slot];
    copied[slot] = journey;
    if (displaced != null) {
      notCopied.accept(displaced);
    }
  }

  /** The journey that was held back for this event's skb and now goes on; null where none was. */
  @Nullable OpenJourney takeCopied(Event event, long ofEvent) {
    if (!event.hook().isReceive() && !(event instanceof Event.Drop)) {
      return null;
    }
    int slot = copiedSlot(event, ofEvent);
    OpenJourney journey = copied[slot];
    if (journey == null
        || !isWithin(COPIED_NS, journey, event.ktimeNs())
        || !journey.mayBeCopiedTo(event, ofEvent)) {
      return null;
    }
    copied[slot] = null;
    return journey;
  }

  /** The journeys that are held back for a copy. */
  Stream<OpenJourney> heldBack() {
    return Stream.of(copied).filter(Objects::nonNull);
  }

  /** Lets go of what is not recent at {@code nowNs}. */
  void tick(long nowNs) {
    for (int slot = 0; slot < parents.length; slot++) {
      OpenJourney journey = parents[slot];
      if (journey != null && !isWithin(RECENT_NS, journey, nowNs)) {
        parents[slot] = null;
      }
    }
    for (int slot = 0; slot < copied.length; slot++) {
      OpenJourney journey = copied[slot];
      if (journey != null && !isWithin(COPIED_NS, journey, nowNs)) {
        copied[slot] = null;
        notCopied.accept(journey);
      }
    }
  }

  private static boolean isWithin(long limitNs, OpenJourney journey, long nowNs) {
    return nowNs - journey.lastNs() <= limitNs;
  }

  private static int parentSlot(long skbHead) {
    return slot(skbHead, PARENT_BITS);
  }

  /**
   * Returns the slot for a copy, by device and headers: a copy may have payload in its linear part
   * that the consumed skb had not.
   */
  private static int copiedSlot(Event event, long fingerprint) {
    long device = ((long) event.ifindex() << Integer.SIZE) ^ event.netns();
    return slot(device ^ Fingerprint.headers(fingerprint), COPIED_BITS);
  }

  private static int slot(long key, int bits) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - bits));
  }
}
