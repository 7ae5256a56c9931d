package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.capture.Match.Matched;
import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.Ip;
import io.vethtrace.daemon.trace.ConversationKey.Neighbour;
import io.vethtrace.daemon.trace.Silence;
import io.vethtrace.daemon.trace.Silence.Crossing;
import io.vethtrace.daemon.trace.Silence.Fate;
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

/** What became of all that one host asked another in one way. */
final class SubjectVerdict {
  /** Who asked this shortly before the capture ended may have been answered after it. */
  private static final long TAIL_NS = 1_000_000_000;

  private final CaptureSet set;
  private final Pairings pairings;
  private final Set<Neighbour> heard;
  private final List<Question> questions;

  /**
   * Begins.
   *
   * @param heard who asked whom for the hardware address, and was answered
   */
  SubjectVerdict(
      CaptureSet set, Pairings pairings, Set<Neighbour> heard, List<Question> questions) {
    this.set = set;
    this.pairings = pairings;
    this.heard = heard;
    this.questions = questions;
  }

  List<Unanswered> all() {
    return Stream.of(silent(), lost()).flatMap(Optional::stream).toList();
  }

  private Optional<Unanswered> silent() {
    List<Question> asked = new ArrayList<>();
    List<Sight> unanswered = new ArrayList<>();
    for (Question question : questions) {
      List<Sight> open = question.unanswered();
      if (!open.isEmpty()) {
        asked.add(question);
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

  private static List<Sight> all(Collection<Question> questions) {
    return questions.stream().flatMap(question -> question.requests().stream()).toList();
  }

  private boolean isAtTheEnd(Sight sight) {
    return set.pointOf(sight).lastNs() - sight.unixNs() < TAIL_NS;
  }

  private static Fate fate(List<Question> asked) {
    return asked.stream()
        .flatMap(question -> question.errors().stream())
        .flatMap(sight -> error(sight).stream())
        .findFirst()
        .orElseGet(Fate.Nothing::new);
  }

  private static Optional<Fate> error(Sight sight) {
    return sight.packet() instanceof Ip ip && ip.transport() instanceof Icmp icmp
        ? Optional.of(
            new Fate.Refused(
                icmp.type(), icmp.code(), icmp.v6(), icmp.message(), ip.source().getHostAddress()))
        : Optional.empty();
  }

  /**
   * Answers that another point of the same way saw, and the one where they must come out did not.
   */
  private Optional<Unanswered> lost() {
    List<Sight> requests = new ArrayList<>();
    List<Sight> frames = new ArrayList<>();
    Optional<Fate> fate = Optional.empty();
    Optional<Question> first = Optional.empty();
    for (Question question : questions) {
      Optional<Sight> reply = lostReply(question);
      if (reply.isPresent() && question.unanswered().isEmpty()) {
        requests.addAll(question.requests());
        frames.addAll(question.requests());
        frames.addAll(question.replies());
        first = first.or(() -> Optional.of(question));
        fate = fate.or(() -> Optional.of(lost(question, reply.get())));
      }
    }
    frames.sort(Comparator.comparingInt(Sight::index));
    Optional<Fate> found = fate;
    return first.map(question -> verdict(question, requests, found.orElseThrow(), frames));
  }

  private Fate lost(Question question, Sight reply) {
    String left = set.pointOf(question.requests().getFirst()).ifname();
    return new Fate.Lost(reply.packet().summary(), set.pointOf(reply).ifname(), left);
  }

  private Optional<Sight> lostReply(Question question) {
    Sight request = question.requests().getFirst();
    Point left = set.pointOf(request);
    if (question.replies().stream().anyMatch(reply -> reply.point() == left.id())) {
      return Optional.empty();
    }
    Set<Integer> onTheWay = new HashSet<>();
    question.requests().forEach(r -> pairings.twins(r).forEach(t -> onTheWay.add(t.point())));
    return question.replies().stream()
        .filter(reply -> onTheWay.contains(reply.point()))
        .filter(reply -> reply.unixNs() >= left.firstNs() && reply.unixNs() < left.lastNs())
        .findFirst();
  }

  private Unanswered verdict(
      Question question, List<Sight> unanswered, Fate fate, List<Sight> frames) {
    unanswered.sort(Comparator.comparingInt(Sight::index));
    Sight first = unanswered.getFirst();
    Silence silence =
        new Silence(
            question.key(),
            first.packet().summary(),
            packets(all(questions)),
            packets(unanswered),
            fate,
            set.pointOf(first).ifname(),
            set.pointOf(first).isDevice(),
            set.pointOf(first).netnsName().orElse(""),
            heard.contains(new Neighbour(question.key().requester(), question.key().target())),
            crossings(set.pointOf(first), unanswered),
            isAtTheEnd(unanswered.getLast()),
            notes(unanswered));
    return new Unanswered(silence, frames);
  }

  private static List<Silence.Note> notes(List<Sight> unanswered) {
    Map<FoundNote, List<Sight>> noted = new LinkedHashMap<>();
    for (Sight sight : unanswered) {
      sight
          .note()
          .ifPresent(note -> noted.computeIfAbsent(note, _ -> new ArrayList<>()).add(sight));
    }
    return noted.entrySet().stream()
        .map(e -> note(e.getKey(), packets(e.getValue())))
        .sorted(Comparator.comparingInt(Silence.Note::packets).reversed())
        .toList();
  }

  private static Silence.Note note(FoundNote note, int packets) {
    return new Silence.Note(note.title(), note.cause(), note.confidence(), packets);
  }

  /** A packet that several points saw is one: as many as the point with the most of them saw. */
  private static int packets(Collection<Sight> sights) {
    Map<Integer, Integer> byPoint = new HashMap<>();
    sights.forEach(sight -> byPoint.merge(sight.point(), 1, Integer::sum));
    return byPoint.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private List<Crossing> crossings(Point left, List<Sight> unanswered) {
    List<Sight> leaving = unanswered.stream().filter(s -> s.point() == left.id()).toList();
    List<Crossing> crossings = new ArrayList<>();
    for (Pairing pairing : pairings.of(left.id())) {
      Point there = pairing.one().id() == left.id() ? pairing.other() : pairing.one();
      crossings.add(crossing(there, pairing, leaving));
    }
    set.points().stream()
        .filter(Point::isEmpty)
        .forEach(point -> crossings.add(new Crossing(point.ifname(), 0, 0, 0)));
    return crossings;
  }

  private static Crossing crossing(Point there, Pairing pairing, List<Sight> leaving) {
    List<Long> laterNs = new ArrayList<>();
    for (Sight sight : leaving) {
      if (pairing.match(sight) instanceof Matched matched) {
        laterNs.add(matched.other().unixNs() - sight.unixNs());
      }
    }
    laterNs.sort(Comparator.naturalOrder());
    return laterNs.isEmpty()
        ? new Crossing(there.ifname(), 0, 0, 0)
        : new Crossing(there.ifname(), laterNs.size(), laterNs.getFirst(), laterNs.getLast());
  }
}
