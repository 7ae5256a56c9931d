package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.live.FrameJoin;
import io.vethtrace.daemon.capture.live.FrameJourneyMatch;
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
 * Joins the frames of taps with the journeys of their packets. Frames leave in the order of time,
 * and between them the drops that no tap saw. For one thread.
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
  private final TimeOrderedFrames waiting = new TimeOrderedFrames();
  private final Map<Long, Long> seen = new LinkedHashMap<>();
  private long endUnixNs = Long.MAX_VALUE;

  /**
   * Joins frames of these taps.
   *
   * @param taps the taps; drops in their namespaces that no tap saw are of interest too
   * @param noEvent returns the comment on a frame of that time for which there is no event
   */
  FrameJoiner(
      FrameComments comments, CaptureSpec spec, List<Tap> taps, LongFunction<String> noEvent) {
    this.comments = comments;
    join = new FrameJoin<>(clock::unixNs, spec.options().snapLenBytes(), spec.points());
    this.taps = taps;
    namespaces = spec.namespaces();
    this.noEvent = noEvent;
    isWanted = spec.dropFilter();
  }

  void add(CapturedFrameOrDrop.Framed frame) {
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
      waiting.add(new CapturedFrameOrDrop.Dropped(journey, unixNs(last)));
    }
  }

  /** Leaves out packets that begin later: no tap could have seen them. */
  void end(long unixNs) {
    endUnixNs = unixNs;
  }

  /** Returns the time of an event on the clock of the frames. */
  long unixNs(Event event) {
    return clock.unixNs(event.ktimeNs());
  }

  int waiting() {
    return waiting.size();
  }

  /**
   * Takes what is older than {@code beforeUnixNs}, or too much to keep, and joins it with the
   * journeys that came so far.
   */
  List<JoinedFrame> take(long beforeUnixNs) {
    List<JoinedFrame> taken = new ArrayList<>();
    CapturedFrameOrDrop item = waiting.take(beforeUnixNs, MAX_WAITING);
    while (item != null) {
      switch (item) {
        case CapturedFrameOrDrop.Framed framed -> taken.add(joined(framed));
        case CapturedFrameOrDrop.Dropped dropped -> unseen(dropped).ifPresent(taken::add);
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

  private JoinedFrame joined(CapturedFrameOrDrop.Framed framed) {
    CapturedFrame frame = framed.frame();
    return switch (join.match(framed.at(), frame)) {
      case FrameJourneyMatch.Matched<FrameOutcome>(long packetId, List<FrameOutcome> outcomes) -> {
        seen.put(packetId, frame.unixNs());
        yield new JoinedFrame(
            frame,
            JoinedFrame.Kind.MATCHED,
            packetId,
            FrameComments.of(outcomes),
            conversations(outcomes));
      }
      case FrameJourneyMatch.Ambiguous<FrameOutcome>(List<Long> packetIds) ->
          new JoinedFrame(
              frame, JoinedFrame.Kind.AMBIGUOUS, 0, FrameComments.ofOneOf(packetIds), Set.of());
      case FrameJourneyMatch.Unmatched<FrameOutcome>() ->
          new JoinedFrame(
              frame,
              JoinedFrame.Kind.UNMATCHED,
              0,
              List.of(noEvent.apply(frame.unixNs())),
              Set.of());
    };
  }

  private static Set<ConversationKey> conversations(List<FrameOutcome> outcomes) {
    return outcomes.size() == 1
        ? Set.of(outcomes.getFirst().conversation())
        : outcomes.stream().map(FrameOutcome::conversation).collect(Collectors.toSet());
  }

  private Optional<JoinedFrame> unseen(CapturedFrameOrDrop.Dropped dropped) {
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

  /**
   * Makes a frame from the bytes that the probe took, which begin at the MAC header if there is
   * one.
   */
  private CapturedFrame frame(CapturedFrameOrDrop.Dropped dropped) {
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

  /** Returns the interface of a tap on that device, else one for the device alone. */
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
