package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.capture.Match.Ambiguous;
import io.vethtrace.daemon.capture.Match.Matched;
import io.vethtrace.daemon.capture.Match.Unmatched;
import io.vethtrace.daemon.capture.Match.Why;
import io.vethtrace.daemon.packet.Fingerprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Two points, and for each frame of either what it is at the other. */
public final class Pairing {
  private final Point one;
  private final Point other;

  /** By the index of the sight. */
  private final Map<Integer, Match> matches = new HashMap<>();

  private final List<Sight> ofOne;
  private final List<Sight> ofOther;

  private Pairing(Point one, Point other, List<Sight> ofOne, List<Sight> ofOther) {
    this.one = one;
    this.other = other;
    this.ofOne = ofOne;
    this.ofOther = ofOther;
  }

  /**
   * Compares two points.
   *
   * @param ofOne the frames of {@code one}, in order of time
   * @param ofOther likewise
   */
  static Pairing of(Point one, Point other, List<Sight> ofOne, List<Sight> ofOther) {
    Pairing pairing = new Pairing(one, other, ofOne, ofOther);
    pairing.align(Likeness.BYTES);
    pairing.align(Likeness.FINGERPRINT);
    pairing.align(Likeness.HEADERS);
    pairing.explain(ofOne, other, ofOther);
    pairing.explain(ofOther, one, ofOne);
    return pairing;
  }

  public Point one() {
    return one;
  }

  public Point other() {
    return other;
  }

  /** What a frame of either is at the other one. */
  public Match match(Sight sight) {
    return matches.getOrDefault(sight.index(), new Unmatched(Why.NOT_SEEN));
  }

  /** The frames of both that are no one else's. */
  public List<Sight> sights() {
    List<Sight> all = new ArrayList<>(ofOne);
    all.addAll(ofOther);
    all.sort(Comparator.comparingInt(Sight::index));
    return all;
  }

  /** The frames of {@link #one} whose twin is known, in order of time. */
  public List<Hop> hops() {
    List<Hop> hops = new ArrayList<>();
    for (Sight sight : ofOne) {
      if (match(sight) instanceof Matched matched) {
        hops.add(new Hop(sight, matched.other(), matched.sameBytes()));
      }
    }
    return hops;
  }

  /**
   * One packet at both points.
   *
   * @param atOne as {@link Pairing#one} saw it
   */
  public record Hop(Sight atOne, Sight atOther, boolean sameBytes) {
    /** How much later the other point saw it; negative where it saw it first. */
    public long laterNs() {
      return atOther.unixNs() - atOne.unixNs();
    }
  }

  /** What makes two frames one packet, the surest first. */
  private enum Likeness {
    BYTES,
    FINGERPRINT,
    /** Where one capture kept less of the payload: enough only if there is no second one. */
    HEADERS;

    boolean isUsable(Sight sight) {
      return switch (this) {
        case BYTES -> true;
        case FINGERPRINT -> !Fingerprint.isPartial(sight.fingerprint());
        case HEADERS -> sight.fingerprint() != Fingerprint.UNKNOWN;
      };
    }

    long of(Sight sight) {
      return switch (this) {
        case BYTES -> sight.bytesHash();
        case FINGERPRINT -> sight.fingerprint();
        case HEADERS -> Fingerprint.headers(sight.fingerprint());
      };
    }

    boolean isEnough(List<Sight> ones, List<Sight> others) {
      return this != HEADERS
          || (ones.size() == 1
              && others.size() == 1
              && Fingerprint.agree(ones.getFirst().fingerprint(), others.getFirst().fingerprint()));
    }
  }

  private void align(Likeness likeness) {
    Map<Long, List<Sight>> ones = groups(ofOne, likeness);
    Map<Long, List<Sight>> others = groups(ofOther, likeness);
    ones.forEach((key, alike) -> {
      List<Sight> twins = others.getOrDefault(key, List.of());
      if (!twins.isEmpty() && likeness.isEnough(alike, twins)) {
        Alignment.align(alike, twins, likeness == Likeness.BYTES, matches);
      }
    });
  }

  /** Those that have no match yet, by what makes them alike. */
  private Map<Long, List<Sight>> groups(List<Sight> sights, Likeness likeness) {
    Map<Long, List<Sight>> groups = new HashMap<>();
    for (Sight sight : sights) {
      if (sight.hasTime() && likeness.isUsable(sight) && !matches.containsKey(sight.index())) {
        groups.computeIfAbsent(likeness.of(sight), k -> new ArrayList<>()).add(sight);
      }
    }
    return groups;
  }

  private void explain(List<Sight> sights, Point there, List<Sight> those) {
    Set<Long> alike = those.stream().map(Sight::bytesHash).collect(Collectors.toSet());
    for (Sight sight : sights) {
      boolean isAlike = alike.contains(sight.bytesHash());
      matches.putIfAbsent(sight.index(), new Unmatched(why(sight, there, isAlike)));
    }
  }

  private static Why why(Sight sight, Point there, boolean isAlike) {
    if (!sight.hasTime()) {
      return Why.NO_TIME;
    }
    if (!there.isEmpty() && sight.unixNs() < there.firstNs()) {
      return Why.BEFORE_IT_BEGAN;
    }
    if (!there.isEmpty() && sight.unixNs() > there.lastNs()) {
      return Why.AFTER_IT_ENDED;
    }
    return isAlike ? Why.ANOTHER_TIME : Why.NOT_SEEN;
  }

  /** How many frames of a point have a twin, may have one, and have none. */
  public record Count(int matched, int ambiguous, int unmatched) {}

  public Count countOfOne() {
    return count(ofOne);
  }

  public Count countOfOther() {
    return count(ofOther);
  }

  private Count count(Collection<Sight> sights) {
    int matched = 0;
    int ambiguous = 0;
    for (Sight sight : sights) {
      switch (match(sight)) {
        case Matched _ -> matched++;
        case Ambiguous _ -> ambiguous++;
        case Unmatched _ -> {}
      }
    }
    return new Count(matched, ambiguous, sights.size() - matched - ambiguous);
  }
}
