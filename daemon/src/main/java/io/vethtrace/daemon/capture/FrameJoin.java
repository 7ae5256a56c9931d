package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

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

  /** Packets: more would not fit into the daemon's memory. */
  private static final int MAX_KNOWN = 120_000;

  /** As much as an event has. */
  private static final int WHOLE_HEADERS_BYTES = 112;

  private final LongUnaryOperator clock;
  private final boolean headersOnly;
  private final Map<Passing.Key, PassingRow> rows = new HashMap<>();
  private final Queue<Passing> inOrder = new ArrayDeque<>();
  private final Map<Long, Fates<F>> fates = new HashMap<>();
  private final Queue<Known> known = new ArrayDeque<>();
  private final List<TapPoint> taps;
  private final boolean anywhere;

  /** What is known of a packet, and how many of it are not to be forgotten yet. */
  private static final class Fates<F> {
    private final List<F> all = new ArrayList<>(1);
    private int kept;
  }

  /** That there is a fate of a packet, which ended then. */
  private record Known(long packetId, long unixNs) {}

  /**
   * @param clock turns the events' time into that of frames
   * @param snapLenBytes how much of a frame is captured: where that may end before the payload, the
   *     headers alone are compared
   * @param taps whose frames will be asked for
   */
  public FrameJoin(LongUnaryOperator clock, int snapLenBytes, Collection<TapPoint> taps) {
    this.clock = clock;
    this.taps = List.copyOf(taps);
    anywhere = !taps.stream().allMatch(TapPoint::isProbed);
    headersOnly = snapLenBytes < WHOLE_HEADERS_BYTES;
  }

  /** The id that a journey shares with its branches. */
  public static long packetId(Journey journey) {
    return journey.isBranch() ? journey.branchOf() : journey.id();
  }

  /** Takes a journey that has ended; asks for its fate where it can be a frame's. */
  public void add(Journey journey, Supplier<F> fate) {
    List<Passing> passed = passings(journey);
    if (!passed.isEmpty() || journey.isBranch()) { // a clone may come to its end first
      long packetId = packetId(journey);
      Fates<F> ofPacket = fates.computeIfAbsent(packetId, _ -> new Fates<>());
      ofPacket.all.add(fate.get());
      ofPacket.kept++;
      known.add(new Known(packetId, clock.applyAsLong(journey.last().ktimeNs())));
    }
    for (Passing passing : passed) {
      rows.computeIfAbsent(passing.key(), _ -> new PassingRow()).add(passing);
      inOrder.add(passing);
    }
    if (known.size() > MAX_KNOWN) {
      forget(known.element().unixNs() + 1);
    }
  }

  private List<Passing> passings(Journey journey) {
    List<Passing> passings = new ArrayList<>(4);
    long packetId = packetId(journey);
    for (int i = journey.inheritedHops(); i < journey.hops().size(); i++) {
      Event event = journey.hops().get(i);
      Direction direction = direction(event);
      boolean isTapped = direction != Direction.UNKNOWN && isTapped(event);
      if (isTapped || anywhere) {
        long fingerprint = fingerprint(event.frame());
        if (isTapped) {
          Passing.Key key = new Passing.Key(event.netns(), event.ifindex(), direction, fingerprint);
          add(passings, key, packetId, event);
        }
        if (anywhere) {
          add(passings, Passing.Key.anywhere(fingerprint), packetId, event);
        }
      }
    }
    return passings;
  }

  private boolean isTapped(Event event) {
    for (TapPoint tap : taps) {
      if (tap.ifindex() == event.ifindex() && tap.netns() == event.netns()) {
        return true;
      }
    }
    return false;
  }

  /** Adds to the passing of that key where there is one; a journey has few. */
  private void add(List<Passing> passings, Passing.Key key, long packetId, Event event) {
    long unixNs = clock.applyAsLong(event.ktimeNs());
    for (Passing passing : passings) {
      if (passing.key().equals(key)) {
        passing.add(event, unixNs);
        return;
      }
    }
    passings.add(new Passing(key, packetId, event, unixNs));
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
    Frame packet = captured.frame();
    long fingerprint = fingerprint(packet);
    Nearest beside = new Nearest(captured.unixNs(), BESIDE_NS);
    offer(
        new Passing.Key(at.netns(), at.ifindex(), captured.direction(), fingerprint),
        packet,
        captured.unixNs(),
        beside);
    if (beside.first() != null || !anywhere) {
      return matched(beside);
    }
    Nearest onTheWay = new Nearest(captured.unixNs(), ON_THE_WAY_NS);
    offer(Passing.Key.anywhere(fingerprint), packet, captured.unixNs(), onTheWay);
    return matched(onTheWay);
  }

  /** Also those whose payload the kernel had out of the probe's reach. */
  private void offer(Passing.Key key, Frame packet, long unixNs, Nearest nearest) {
    offerRow(key, packet, unixNs, nearest);
    if (!Fingerprint.isPartial(key.fingerprint())) {
      offerRow(key.withoutPayload(), packet, unixNs, nearest);
    }
  }

  private void offerRow(Passing.Key key, Frame packet, long unixNs, Nearest nearest) {
    PassingRow row = rows.get(key);
    if (row != null) {
      row.offer(packet, unixNs, nearest);
    }
  }

  private JoinMatch<F> matched(Nearest nearest) {
    Passing first = nearest.first();
    if (first == null) {
      return new JoinMatch.Unmatched<>();
    }
    Passing rival = nearest.rival();
    if (rival != null) {
      return new JoinMatch.Ambiguous<>(List.of(first.packetId(), rival.packetId()));
    }
    if (first.key().direction() != Direction.UNKNOWN) {
      take(first);
    }
    Fates<F> ofPacket = fates.get(first.packetId());
    return new JoinMatch.Matched<>(
        first.packetId(), ofPacket == null ? List.of() : List.copyOf(ofPacket.all));
  }

  /** Forgets what passed before then. */
  public void forget(long beforeUnixNs) {
    while (!inOrder.isEmpty() && inOrder.element().lastUnixNs() < beforeUnixNs) {
      Passing oldest = inOrder.remove();
      if (!oldest.isTaken()) {
        take(oldest);
      }
    }
    while (!known.isEmpty() && known.element().unixNs() < beforeUnixNs) {
      fates.computeIfPresent(
          known.remove().packetId(), (_, ofPacket) -> --ofPacket.kept == 0 ? null : ofPacket);
    }
  }

  private void take(Passing passing) {
    passing.take();
    PassingRow row = rows.get(passing.key());
    if (row != null && row.shorten()) {
      rows.remove(passing.key());
    }
  }
}
