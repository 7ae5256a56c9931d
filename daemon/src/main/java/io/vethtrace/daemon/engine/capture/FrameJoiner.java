package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.live.FrameJoin;
import io.vethtrace.daemon.capture.live.JoinMatch;
import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Frames in, as taps give them; the same out in the order of time, once it is known what became of
 * them, and between them the drops that no interface saw. For one thread.
 */
final class FrameJoiner {
  private static final int NO_SNAP_LENGTH = 0;

  /** Two seconds of 60,000 frames/s: more would not fit into the daemon's memory. */
  private static final int MAX_WAITING = 120_000;

  private final FrameComments comments;
  private final FrameJoin<FrameOutcome> join;
  private final WallClock clock = new WallClock();
  private final List<Tap> taps;
  private final Set<Integer> namespaces;
  private final LongFunction<String> noEvent;
  private final Predicate<Journey> isWanted;
  private final FrameMerge waiting = new FrameMerge();
  private final Map<Long, Long> seen = new LinkedHashMap<>();
  private long endUnixNs = Long.MAX_VALUE;

  /**
   * @param taps in whose namespaces also those drops are of interest that no interface saw
   * @param noEvent what is said of a frame of that time of which no event is known
   */
  FrameJoiner(
      FrameComments comments, CaptureSpec wish, List<Tap> taps, LongFunction<String> noEvent) {
    this.comments = comments;
    join = new FrameJoin<>(clock::unixNs, wish.options().snapLenBytes(), wish.points());
    this.taps = taps;
    namespaces = wish.namespaces();
    this.noEvent = noEvent;
    isWanted = wish.wanted();
  }

  void add(CapturedItem.Framed frame) {
    waiting.add(frame);
  }

  void add(Journey journey) {
    join.add(journey, () -> comments.of(journey));
    Event last = journey.last();
    if (namespaces.contains(last.netns())
        && last.frame().lengthBytes() > 0
        && unixNs(journey.first()) <= endUnixNs
        && waiting.size() < MAX_WAITING
        && comments.isDrop(journey)
        && isWanted.test(journey)) {
      waiting.add(new CapturedItem.Dropped(journey, unixNs(last)));
    }
  }

  /** What begins later is not wanted: no tap could have seen it. */
  void end(long unixNs) {
    endUnixNs = unixNs;
  }

  /** When that was, on the clock of the frames. */
  long unixNs(Event event) {
    return clock.unixNs(event.ktimeNs());
  }

  int waiting() {
    return waiting.size();
  }

  /**
   * What is older than {@code beforeUnixNs}, or too much to wait for, joined with the journeys that
   * came so far.
   */
  List<JoinedFrame> take(long beforeUnixNs) {
    List<JoinedFrame> taken = new ArrayList<>();
    CapturedItem item = waiting.take(beforeUnixNs, MAX_WAITING);
    while (item != null) {
      switch (item) {
        case CapturedItem.Framed framed -> taken.add(joined(framed));
        case CapturedItem.Dropped dropped -> unseen(dropped).ifPresent(taken::add);
      }
      item = waiting.take(beforeUnixNs, MAX_WAITING);
    }
    return taken;
  }

  /** Forgets journeys and packets that no frame can belong to any more. */
  void forget(long beforeUnixNs) {
    join.forget(beforeUnixNs);
    Iterator<Long> oldestFirst = seen.values().iterator();
    while (oldestFirst.hasNext() && oldestFirst.next() < beforeUnixNs) {
      oldestFirst.remove();
    }
  }

  private JoinedFrame joined(CapturedItem.Framed framed) {
    CapturedFrame frame = framed.frame();
    return switch (join.match(framed.at(), frame)) {
      case JoinMatch.Matched<FrameOutcome>(long packetId, List<FrameOutcome> fates) -> {
        seen.put(packetId, frame.unixNs());
        yield new JoinedFrame(
            frame,
            JoinedFrame.Kind.MATCHED,
            packetId,
            FrameComments.of(fates),
            conversations(fates));
      }
      case JoinMatch.Ambiguous<FrameOutcome>(List<Long> packetIds) ->
          new JoinedFrame(
              frame, JoinedFrame.Kind.AMBIGUOUS, 0, FrameComments.ofOneOf(packetIds), Set.of());
      case JoinMatch.Unmatched<FrameOutcome>() ->
          new JoinedFrame(
              frame,
              JoinedFrame.Kind.UNMATCHED,
              0,
              List.of(noEvent.apply(frame.unixNs())),
              Set.of());
    };
  }

  private static Set<ConversationKey> conversations(List<FrameOutcome> fates) {
    return fates.size() == 1
        ? Set.of(fates.getFirst().conversation())
        : fates.stream().map(FrameOutcome::conversation).collect(Collectors.toSet());
  }

  private Optional<JoinedFrame> unseen(CapturedItem.Dropped dropped) {
    long packetId = FrameJoin.packetId(dropped.journey());
    if (seen.containsKey(packetId)) {
      return Optional.empty();
    }
    return Optional.of(
        new JoinedFrame(
            frame(dropped),
            JoinedFrame.Kind.DROP,
            packetId,
            comments.ofDrop(dropped.journey()),
            Set.of(dropped.journey().keyed().key())));
  }

  /** From the bytes that the probe took: from the MAC header on where the skb had one. */
  private CapturedFrame frame(CapturedItem.Dropped dropped) {
    Event last = dropped.journey().last();
    int linkType = last.frame().networkOffset() == 0 ? LinkType.RAW : LinkType.ETHERNET;
    int count = last.frame().lengthBytes();
    return new CapturedFrame(
        interfaceOf(last, linkType),
        dropped.unixNs(),
        FrameDirection.UNKNOWN,
        Math.max(count, last.lenBytes()),
        last.frame().copy(0, count));
  }

  /** That of a tap there, or else one of its own. */
  private CaptureInterface interfaceOf(Event event, int linkType) {
    return taps.stream()
        .filter(
            tap -> tap.point().netns() == event.netns() && tap.point().ifindex() == event.ifindex())
        .map(Tap::described)
        .filter(described -> described.linkType() == linkType)
        .findFirst()
        .orElseGet(() ->
            new CaptureInterface(
                event.ifname(), comments.netns(event.netns()), linkType, NO_SNAP_LENGTH));
  }
}
