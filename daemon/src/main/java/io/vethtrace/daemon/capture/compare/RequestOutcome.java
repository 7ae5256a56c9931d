package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.compare.CapturePointMatch.Matched;
import io.vethtrace.daemon.capture.file.FindingComment;
import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.trace.ConversationKey.Neighbour;
import io.vethtrace.daemon.trace.UnansweredRequests;
import io.vethtrace.daemon.trace.UnansweredRequests.Crossing;
import io.vethtrace.daemon.trace.UnansweredRequests.Fate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The outcome of all requests of one kind that one host sent to another. */
final class RequestOutcome {
  /**
   * A request that was sent this shortly before the capture ended may have been answered after it.
   */
  private static final long TAIL_NS = 1_000_000_000;

  private final CaptureSet set;
  private final CapturePointPairs pairings;
  private final Set<Neighbour> heard;
  private final List<CapturedRequests> questions;

  /**
   * Begins.
   *
   * @param heard the answered ARP and neighbour requests
   */
  RequestOutcome(
      CaptureSet set,
      CapturePointPairs pairings,
      Set<Neighbour> heard,
      List<CapturedRequests> questions) {
    this.set = set;
    this.pairings = pairings;
    this.heard = heard;
    this.questions = questions;
  }

  List<UnansweredFrames> all() {
    return Stream.of(silent(), lost()).flatMap(Optional::stream).toList();
  }

  private Optional<UnansweredFrames> silent() {
    List<CapturedRequests> asked = new ArrayList<>();
    List<FrameRecord> unanswered = new ArrayList<>();
    for (CapturedRequests group : questions) {
      List<FrameRecord> open = group.unanswered();
      if (!open.isEmpty()) {
        asked.add(group);
        unanswered.addAll(open);
      }
    }
    if (unanswered.size() < all(questions).size()) {
      // It is answered as a rule: what came just before the end is given the benefit of the doubt.
      unanswered.removeIf(this::isAtTheEnd);
    }
    return unanswered.isEmpty()
        ? Optional.empty()
        : Optional.of(verdict(asked.getFirst(), unanswered, fate(asked), unanswered));
  }

  private static List<FrameRecord> all(Collection<CapturedRequests> questions) {
    return questions.stream().flatMap(group -> group.requests().stream()).toList();
  }

  private boolean isAtTheEnd(FrameRecord frame) {
    return set.pointOf(frame).lastNs() - frame.unixNs() < TAIL_NS;
  }

  private static Fate fate(List<CapturedRequests> asked) {
    return asked.stream()
        .flatMap(group -> group.errors().stream())
        .flatMap(frame -> error(frame).stream())
        .findFirst()
        .orElseGet(Fate.Nothing::new);
  }

  private static Optional<Fate> error(FrameRecord frame) {
    return frame.packet() instanceof IpPacket ip && ip.transport() instanceof Icmp icmp
        ? Optional.of(
            new Fate.Refused(
                icmp.type(), icmp.code(), icmp.v6(), icmp.message(), ip.source().getHostAddress()))
        : Optional.empty();
  }

  /**
   * Answers that another point of the same way saw, and the one where they must come out did not.
   */
  private Optional<UnansweredFrames> lost() {
    List<FrameRecord> requests = new ArrayList<>();
    List<FrameRecord> frames = new ArrayList<>();
    Optional<Fate> fate = Optional.empty();
    Optional<CapturedRequests> first = Optional.empty();
    for (CapturedRequests group : questions) {
      Optional<FrameRecord> reply = lostReply(group);
      if (reply.isPresent() && group.unanswered().isEmpty()) {
        requests.addAll(group.requests());
        frames.addAll(group.requests());
        frames.addAll(group.replies());
        first = first.or(() -> Optional.of(group));
        fate = fate.or(() -> Optional.of(lost(group, reply.get())));
      }
    }
    frames.sort(Comparator.comparingInt(FrameRecord::index));
    Optional<Fate> found = fate;
    return first.map(group -> verdict(group, requests, found.orElseThrow(), frames));
  }

  private Fate lost(CapturedRequests group, FrameRecord reply) {
    String left = set.pointOf(group.requests().getFirst()).ifname();
    return new Fate.Lost(reply.packet().summary(), set.pointOf(reply).ifname(), left);
  }

  private Optional<FrameRecord> lostReply(CapturedRequests group) {
    FrameRecord request = group.requests().getFirst();
    CaptureFilePoint left = set.pointOf(request);
    if (group.replies().stream().anyMatch(reply -> reply.point() == left.id())) {
      return Optional.empty();
    }
    Set<Integer> onTheWay = new HashSet<>();
    group.requests().forEach(r -> pairings.twins(r).forEach(t -> onTheWay.add(t.point())));
    return group.replies().stream()
        .filter(reply -> onTheWay.contains(reply.point()))
        .filter(reply -> reply.unixNs() >= left.firstNs() && reply.unixNs() < left.lastNs())
        .findFirst();
  }

  private UnansweredFrames verdict(
      CapturedRequests group, List<FrameRecord> unanswered, Fate fate, List<FrameRecord> frames) {
    unanswered.sort(Comparator.comparingInt(FrameRecord::index));
    FrameRecord first = unanswered.getFirst();
    UnansweredRequests silence =
        new UnansweredRequests(
            group.key(),
            first.packet().summary(),
            packets(all(questions)),
            packets(unanswered),
            fate,
            set.pointOf(first).ifname(),
            set.pointOf(first).isDevice(),
            set.pointOf(first).netnsName().orElse(""),
            heard.contains(new Neighbour(group.key().requester(), group.key().target())),
            crossings(set.pointOf(first), unanswered),
            isAtTheEnd(unanswered.getLast()),
            notes(unanswered));
    return new UnansweredFrames(silence, frames);
  }

  private static List<UnansweredRequests.Note> notes(List<FrameRecord> unanswered) {
    Map<FindingComment, List<FrameRecord>> noted = new LinkedHashMap<>();
    for (FrameRecord frame : unanswered) {
      frame
          .note()
          .ifPresent(note -> noted.computeIfAbsent(note, _ -> new ArrayList<>()).add(frame));
    }
    return noted.entrySet().stream()
        .map(e -> note(e.getKey(), packets(e.getValue())))
        .sorted(Comparator.comparingInt(UnansweredRequests.Note::packets).reversed())
        .toList();
  }

  private static UnansweredRequests.Note note(FindingComment note, int packets) {
    return new UnansweredRequests.Note(note.title(), note.cause(), note.confidence(), packets);
  }

  /** A packet that several points saw is one: as many as the point with the most of them saw. */
  private static int packets(Collection<FrameRecord> sights) {
    Map<Integer, Integer> byPoint = new HashMap<>();
    sights.forEach(frame -> byPoint.merge(frame.point(), 1, Integer::sum));
    return byPoint.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private List<Crossing> crossings(CaptureFilePoint left, List<FrameRecord> unanswered) {
    List<FrameRecord> leaving = unanswered.stream().filter(s -> s.point() == left.id()).toList();
    List<Crossing> crossings = new ArrayList<>();
    for (CapturePointPair pairing : pairings.of(left.id())) {
      CaptureFilePoint there = pairing.one().id() == left.id() ? pairing.other() : pairing.one();
      crossings.add(crossing(there, pairing, leaving));
    }
    set.points().stream()
        .filter(CaptureFilePoint::isEmpty)
        .forEach(point -> crossings.add(new Crossing(point.ifname(), 0, 0, 0)));
    return crossings;
  }

  private static Crossing crossing(
      CaptureFilePoint there, CapturePointPair pairing, List<FrameRecord> leaving) {
    List<Long> laterNs = new ArrayList<>();
    for (FrameRecord frame : leaving) {
      if (pairing.match(frame) instanceof Matched matched) {
        laterNs.add(matched.other().unixNs() - frame.unixNs());
      }
    }
    laterNs.sort(Comparator.naturalOrder());
    return laterNs.isEmpty()
        ? new Crossing(there.ifname(), 0, 0, 0)
        : new Crossing(there.ifname(), laterNs.size(), laterNs.getFirst(), laterNs.getLast());
  }
}
