package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
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
 * @param <F> the facts kept about a journey; the journey itself is not kept
 */
public final class FrameJoin<F> {
  /** The maximum time between a tap and the probe point at the same device. */
  public static final long BESIDE_NS = 250_000_000L;

  /** The maximum time between a tap and the next probe point on the packet's way. */
  private static final long ON_THE_WAY_NS = 20_000_000L;

  /** Packets: more would not fit into the daemon's memory. */
  private static final int MAX_KNOWN = 120_000;

  /** The number of frame bytes that are compared: as many as an event contains. */
  private static final int WHOLE_HEADERS_BYTES = 112;

  private final LongUnaryOperator clock;
  private final boolean headersOnly;
  private final Map<DevicePassage.Key, DevicePassages> rows = new HashMap<>();
  private final Queue<DevicePassage> inOrder = new ArrayDeque<>();
  private final Map<Long, Fates<F>> fates = new HashMap<>();
  private final Queue<Known> known = new ArrayDeque<>();
  private final List<TapPoint> taps;
  private final boolean anywhere;

  /** The outcomes of a packet, and the number of its passages that must be kept. */
  private static final class Fates<F> {
    private final List<F> all = new ArrayList<>(1);
    private int kept;
  }

  /** An outcome of a packet, with the time at which the packet ended. */
  private record Known(long packetId, long unixNs) {}

  /**
   * @param clock turns the events' time into that of frames
   * @param snapLenBytes the number of captured bytes of a frame: where that may end before the
   *     payload, the headers alone are compared
   * @param taps the taps whose frames are joined
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
    List<DevicePassage> passed = passings(journey);
    if (!passed.isEmpty() || journey.isBranch()) { // a clone may come to its end first
      long packetId = packetId(journey);
      Fates<F> ofPacket = fates.computeIfAbsent(packetId, _ -> new Fates<>());
      ofPacket.all.add(fate.get());
      ofPacket.kept++;
      known.add(new Known(packetId, clock.applyAsLong(journey.last().ktimeNs())));
    }
    for (DevicePassage passing : passed) {
      rows.computeIfAbsent(passing.key(), _ -> new DevicePassages()).add(passing);
      inOrder.add(passing);
    }
    if (known.size() > MAX_KNOWN) {
      forget(known.element().unixNs() + 1);
    }
  }

  private List<DevicePassage> passings(Journey journey) {
    List<DevicePassage> passings = new ArrayList<>(4);
    long packetId = packetId(journey);
    for (int i = journey.inheritedHops(); i < journey.hops().size(); i++) {
      Event event = journey.hops().get(i);
      FrameDirection direction = direction(event);
      boolean isTapped = direction != FrameDirection.UNKNOWN && isTapped(event);
      if (isTapped || anywhere) {
        long fingerprint = fingerprint(event.frame());
        if (isTapped) {
          DevicePassage.Key key =
              new DevicePassage.Key(event.netns(), event.ifindex(), direction, fingerprint);
          add(passings, key, packetId, event);
        }
        if (anywhere) {
          add(passings, DevicePassage.Key.anywhere(fingerprint), packetId, event);
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
  private void add(
      List<DevicePassage> passings, DevicePassage.Key key, long packetId, Event event) {
    long unixNs = clock.applyAsLong(event.ktimeNs());
    for (DevicePassage passing : passings) {
      if (passing.key().equals(key)) {
        passing.add(event, unixNs);
        return;
      }
    }
    passings.add(new DevicePassage(key, packetId, event, unixNs));
  }

  private static FrameDirection direction(Event event) {
    if (event.hook().isReceive()) {
      return FrameDirection.INBOUND;
    }
    return event.hook().isTransmit() ? FrameDirection.OUTBOUND : FrameDirection.UNKNOWN;
  }

  private long fingerprint(Frame frame) {
    long fingerprint = Fingerprint.of(frame);
    return headersOnly ? Integer.toUnsignedLong(Fingerprint.headers(fingerprint)) : fingerprint;
  }

  /**
   * Returns the journey that a frame belongs to, among the journeys so far. No two frames of a tap
   * belong to the same passage.
   */
  public FrameJourneyMatch<F> match(TapPoint at, CapturedFrame captured) {
    Frame packet = captured.frame();
    long fingerprint = fingerprint(packet);
    NearestPassage beside = new NearestPassage(captured.unixNs(), BESIDE_NS);
    offer(
        new DevicePassage.Key(at.netns(), at.ifindex(), captured.direction(), fingerprint),
        packet,
        captured.unixNs(),
        beside);
    if (beside.first() != null || !anywhere) {
      return matched(beside);
    }
    NearestPassage onTheWay = new NearestPassage(captured.unixNs(), ON_THE_WAY_NS);
    offer(DevicePassage.Key.anywhere(fingerprint), packet, captured.unixNs(), onTheWay);
    return matched(onTheWay);
  }

  /** Offers the passages with this key, and those whose payload was out of the probe's reach. */
  private void offer(DevicePassage.Key key, Frame packet, long unixNs, NearestPassage nearest) {
    offerRow(key, packet, unixNs, nearest);
    if (!Fingerprint.isPartial(key.fingerprint())) {
      offerRow(key.withoutPayload(), packet, unixNs, nearest);
    }
  }

  private void offerRow(DevicePassage.Key key, Frame packet, long unixNs, NearestPassage nearest) {
    DevicePassages row = rows.get(key);
    if (row != null) {
      row.offer(packet, unixNs, nearest);
    }
  }

  private FrameJourneyMatch<F> matched(NearestPassage nearest) {
    DevicePassage first = nearest.first();
    if (first == null) {
      return new FrameJourneyMatch.Unmatched<>();
    }
    DevicePassage rival = nearest.rival();
    if (rival != null) {
      return new FrameJourneyMatch.Ambiguous<>(List.of(first.packetId(), rival.packetId()));
    }
    if (first.key().direction() != FrameDirection.UNKNOWN) {
      take(first);
    }
    Fates<F> ofPacket = fates.get(first.packetId());
    return new FrameJourneyMatch.Matched<>(
        first.packetId(), ofPacket == null ? List.of() : List.copyOf(ofPacket.all));
  }

  /** Forgets what passed before then. */
  public void forget(long beforeUnixNs) {
    while (!inOrder.isEmpty() && inOrder.element().lastUnixNs() < beforeUnixNs) {
      DevicePassage oldest = inOrder.remove();
      if (!oldest.isTaken()) {
        take(oldest);
      }
    }
    while (!known.isEmpty() && known.element().unixNs() < beforeUnixNs) {
      fates.computeIfPresent(
          known.remove().packetId(), (_, ofPacket) -> --ofPacket.kept == 0 ? null : ofPacket);
    }
  }

  private void take(DevicePassage passing) {
    passing.take();
    DevicePassages row = rows.get(passing.key());
    if (row != null && row.shorten()) {
      rows.remove(passing.key());
    }
  }
}
