package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Joins captured frames with journeys: by the headers that {@link Fingerprint} hashes, by all bytes
 * that both have, by interface and direction, and, as a request that is sent again looks the same,
 * by time. A tap and a probe point see a frame within microseconds of each other, unless the CPU
 * does something else in between.
 *
 * <p>Where a device has no probe point for a direction (a bridge that sends, a VLAN device), the
 * packet is recognised where it passes next or passed before.
 *
 * <p>For one thread.
 *
 * @param <F> what is known of a journey: the journeys themselves are not kept
 */
public final class FrameJoin<F> {
  /** Between a tap and the probe point beside it. */
  public static final long BESIDE_NS = 250_000_000L;

  /** Between a tap and the next probe point on the packet's way. */
  private static final long ON_THE_WAY_NS = 20_000_000L;

  /** Of two candidates one is the nearer if it is by more than the clocks' reading is off. */
  private static final long SAME_TIME_NS = 20_000;

  /** Packets: more would not fit into the daemon's memory. */
  private static final int MAX_KNOWN = 120_000;

  /** As much as an event has. */
  private static final int WHOLE_HEADERS_BYTES = 112;

  private final LongUnaryOperator clock;
  private final boolean headersOnly;
  private final Map<Passing.Key, List<Passing>> passings = new HashMap<>();
  private final Queue<Passing> inOrder = new ArrayDeque<>();
  private final Map<Long, Fates<F>> fates = new HashMap<>();
  private final Queue<Known> known = new ArrayDeque<>();
  private final Set<Place> places;
  private final boolean anywhere;

  /** What is known of a packet, and how many of it are not to be forgotten yet. */
  private static final class Fates<F> {
    private final List<F> all = new ArrayList<>(1);
    private int kept;
  }

  /** That there is a fate of a packet, which ended then. */
  private record Known(long packetId, long unixNs) {}

  /** A tapped device. */
  private record Place(int netns, int ifindex) {}

  /**
   * @param clock turns the events' time into that of frames
   * @param snapLenBytes how much of a frame is captured: where that may end before the payload, the
   *     headers alone are compared
   * @param taps whose frames will be asked for
   */
  public FrameJoin(LongUnaryOperator clock, int snapLenBytes, Collection<TapPoint> taps) {
    this.clock = clock;
    places =
        taps.stream()
            .map(tap -> new Place(tap.netns(), tap.ifindex()))
            .collect(Collectors.toUnmodifiableSet());
    anywhere = !taps.stream().allMatch(TapPoint::isProbed);
    headersOnly = snapLenBytes < WHOLE_HEADERS_BYTES;
  }

  /** The id that a journey shares with its branches. */
  public static long packetId(Journey journey) {
    return journey.isBranch() ? journey.branchOf() : journey.id();
  }

  /** Takes a journey that has ended; asks for its fate where it can be a frame's. */
  public void add(Journey journey, Supplier<F> fate) {
    Map<Passing.Key, List<Event>> passed = new LinkedHashMap<>();
    for (int i = journey.inheritedHops(); i < journey.hops().size(); i++) {
      Event event = journey.hops().get(i);
      keys(event).forEach(key -> passed.computeIfAbsent(key, _ -> new ArrayList<>(4)).add(event));
    }
    long packetId = packetId(journey);
    if (!passed.isEmpty() || journey.isBranch()) { // a clone may come to its end first
      Fates<F> ofPacket = fates.computeIfAbsent(packetId, _ -> new Fates<>());
      ofPacket.all.add(fate.get());
      ofPacket.kept++;
      known.add(new Known(packetId, clock.applyAsLong(journey.last().ktimeNs())));
    }
    passed.forEach((key, events) -> add(new Passing(key, packetId, events, clock)));
    if (known.size() > MAX_KNOWN) {
      forget(known.element().unixNs() + 1);
    }
  }

  private List<Passing.Key> keys(Event event) {
    Direction direction = direction(event);
    boolean isTapped =
        direction != Direction.UNKNOWN
            && places.contains(new Place(event.netns(), event.ifindex()));
    if (!isTapped && !anywhere) {
      return List.of();
    }
    long fingerprint = fingerprint(event.frame());
    List<Passing.Key> keys = new ArrayList<>(2);
    if (isTapped) {
      keys.add(new Passing.Key(event.netns(), event.ifindex(), direction, fingerprint));
    }
    if (anywhere) {
      keys.add(Passing.Key.anywhere(fingerprint));
    }
    return keys;
  }

  private void add(Passing passing) {
    List<Passing> others = passings.computeIfAbsent(passing.key(), _ -> new ArrayList<>(1));
    int at = others.size();
    while (at > 0 && others.get(at - 1).lastUnixNs() > passing.lastUnixNs()) {
      at--; // they come as they end
    }
    others.add(at, passing);
    inOrder.add(passing);
  }

  private static Direction direction(Event event) {
    if (event.hook().isReceive()) {
      return Direction.INBOUND;
    }
    return event.hook().isTransmit() ? Direction.OUTBOUND : Direction.UNKNOWN;
  }

  private long fingerprint(Frame frame) {
    long fingerprint = Fingerprint.of(frame);
    return headersOnly ? Integer.toUnsignedLong(Fingerprint.headers(fingerprint)) : fingerprint;
  }

  /** Whose frame it is, of the journeys so far. No two frames of a tap are of one passing. */
  public JoinMatch<F> match(TapPoint at, CapturedFrame captured) {
    long fingerprint = fingerprint(captured.frame());
    List<Passing> beside =
        near(
            new Passing.Key(at.netns(), at.ifindex(), captured.direction(), fingerprint),
            captured,
            BESIDE_NS);
    return nearest(
        beside.isEmpty()
            ? near(Passing.Key.anywhere(fingerprint), captured, ON_THE_WAY_NS)
            : beside,
        captured.unixNs());
  }

  /** The nearest first; also those whose payload the kernel had out of the probe's reach. */
  private List<Passing> near(Passing.Key key, CapturedFrame captured, long withinNs) {
    List<Passing> near = new ArrayList<>(1);
    collect(key, captured, withinNs, near);
    if (!Fingerprint.isPartial(key.fingerprint())) {
      collect(key.withoutPayload(), captured, withinNs, near);
    }
    near.sort(Comparator.comparingLong(passing -> passing.distanceNs(captured.unixNs())));
    return near;
  }

  private void collect(Passing.Key key, CapturedFrame captured, long withinNs, List<Passing> into) {
    List<Passing> all = passings.getOrDefault(key, List.of());
    Frame frame = captured.frame();
    for (int i = firstAfter(all, captured.unixNs() - withinNs); i < all.size(); i++) {
      Passing passing = all.get(i);
      if (passing.firstUnixNs() > captured.unixNs() + withinNs) {
        break;
      }
      if (passing.distanceNs(captured.unixNs()) <= withinNs && passing.isOf(frame)) {
        into.add(passing);
      }
    }
  }

  private static int firstAfter(List<Passing> sorted, long unixNs) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).lastUnixNs() < unixNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private JoinMatch<F> nearest(List<Passing> near, long unixNs) {
    if (near.isEmpty()) {
      return new JoinMatch.Unmatched<>();
    }
    Passing first = near.getFirst();
    for (Passing other : near) {
      if (other.packetId() != first.packetId()) {
        if (other.distanceNs(unixNs) < 2 * first.distanceNs(unixNs) + SAME_TIME_NS) {
          return new JoinMatch.Ambiguous<>(List.of(first.packetId(), other.packetId()));
        }
        break;
      }
    }
    if (first.key().direction() != Direction.UNKNOWN) {
      remove(first);
    }
    Fates<F> ofPacket = fates.get(first.packetId());
    return new JoinMatch.Matched<>(
        first.packetId(), ofPacket == null ? List.of() : List.copyOf(ofPacket.all));
  }

  /** Forgets what passed before then. */
  public void forget(long beforeUnixNs) {
    while (!inOrder.isEmpty() && inOrder.element().lastUnixNs() < beforeUnixNs) {
      remove(inOrder.remove());
    }
    while (!known.isEmpty() && known.element().unixNs() < beforeUnixNs) {
      fates.computeIfPresent(
          known.remove().packetId(), (_, ofPacket) -> --ofPacket.kept == 0 ? null : ofPacket);
    }
  }

  private void remove(Passing passing) {
    passings.computeIfPresent(
        passing.key(),
        (_, others) -> {
          others.remove(passing);
          return others.isEmpty() ? null : others;
        });
  }
}
