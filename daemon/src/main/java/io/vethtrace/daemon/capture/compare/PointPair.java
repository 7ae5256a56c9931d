package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.compare.FrameMatch.Ambiguous;
import io.vethtrace.daemon.capture.compare.FrameMatch.Matched;
import io.vethtrace.daemon.capture.compare.FrameMatch.Unmatched;
import io.vethtrace.daemon.capture.compare.FrameMatch.Why;
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
public final class PointPair {
  private final CaptureFilePoint one;
  private final CaptureFilePoint other;

  /** By the index of the sight. */
  private final Map<Integer, FrameMatch> matches = new HashMap<>();

  private final List<FrameRecord> ofOne;
  private final List<FrameRecord> ofOther;

  private PointPair(
      CaptureFilePoint one,
      CaptureFilePoint other,
      List<FrameRecord> ofOne,
      List<FrameRecord> ofOther) {
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
  static PointPair of(
      CaptureFilePoint one,
      CaptureFilePoint other,
      List<FrameRecord> ofOne,
      List<FrameRecord> ofOther) {
    PointPair pairing = new PointPair(one, other, ofOne, ofOther);
    pairing.align(Likeness.BYTES);
    pairing.align(Likeness.FINGERPRINT);
    pairing.align(Likeness.HEADERS);
    pairing.explain(ofOne, other, ofOther);
    pairing.explain(ofOther, one, ofOne);
    return pairing;
  }

  public CaptureFilePoint one() {
    return one;
  }

  public CaptureFilePoint other() {
    return other;
  }

  /** What a frame of either is at the other one. */
  public FrameMatch match(FrameRecord sight) {
    return matches.getOrDefault(sight.index(), new Unmatched(Why.NOT_SEEN));
  }

  /** The frames of both that are no one else's. */
  public List<FrameRecord> sights() {
    List<FrameRecord> all = new ArrayList<>(ofOne);
    all.addAll(ofOther);
    all.sort(Comparator.comparingInt(FrameRecord::index));
    return all;
  }

  /** The frames of {@link #one} whose twin is known, in order of time. */
  public List<Hop> hops() {
    List<Hop> hops = new ArrayList<>();
    for (FrameRecord sight : ofOne) {
      if (match(sight) instanceof Matched matched) {
        hops.add(new Hop(sight, matched.other(), matched.sameBytes()));
      }
    }
    return hops;
  }

  /**
   * One packet at both points.
   *
   * @param atOne as {@link PointPair#one} saw it
   */
  public record Hop(FrameRecord atOne, FrameRecord atOther, boolean sameBytes) {
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

    boolean isUsable(FrameRecord sight) {
      return switch (this) {
        case BYTES -> true;
        case FINGERPRINT -> !Fingerprint.isPartial(sight.fingerprint());
        case HEADERS -> sight.fingerprint() != Fingerprint.UNKNOWN;
      };
    }

    long of(FrameRecord sight) {
      return switch (this) {
        case BYTES -> sight.bytesHash();
        case FINGERPRINT -> sight.fingerprint();
        case HEADERS -> Fingerprint.headers(sight.fingerprint());
      };
    }

    boolean isEnough(List<FrameRecord> ones, List<FrameRecord> others) {
      return this != HEADERS
          || (ones.size() == 1
              && others.size() == 1
              && Fingerprint.agree(ones.getFirst().fingerprint(), others.getFirst().fingerprint()));
    }
  }

  private void align(Likeness likeness) {
    Map<Long, List<FrameRecord>> ones = groups(ofOne, likeness);
    Map<Long, List<FrameRecord>> others = groups(ofOther, likeness);
    ones.forEach((key, alike) -> {
      List<FrameRecord> twins = others.getOrDefault(key, List.of());
      if (!twins.isEmpty() && likeness.isEnough(alike, twins)) {
        FrameAlignment.align(alike, twins, likeness == Likeness.BYTES, matches);
      }
    });
  }

  /** Those that have no match yet, by what makes them alike. */
  private Map<Long, List<FrameRecord>> groups(List<FrameRecord> sights, Likeness likeness) {
    Map<Long, List<FrameRecord>> groups = new HashMap<>();
    for (FrameRecord sight : sights) {
      if (sight.hasTime() && likeness.isUsable(sight) && !matches.containsKey(sight.index())) {
        groups.computeIfAbsent(likeness.of(sight), k -> new ArrayList<>()).add(sight);
      }
    }
    return groups;
  }

  private void explain(List<FrameRecord> sights, CaptureFilePoint there, List<FrameRecord> those) {
    Set<Long> alike = those.stream().map(FrameRecord::bytesHash).collect(Collectors.toSet());
    for (FrameRecord sight : sights) {
      boolean isAlike = alike.contains(sight.bytesHash());
      matches.putIfAbsent(sight.index(), new Unmatched(why(sight, there, isAlike)));
    }
  }

  private static Why why(FrameRecord sight, CaptureFilePoint there, boolean isAlike) {
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

  private Count count(Collection<FrameRecord> sights) {
    int matched = 0;
    int ambiguous = 0;
    for (FrameRecord sight : sights) {
      switch (match(sight)) {
        case Matched _ -> matched++;
        case Ambiguous _ -> ambiguous++;
        case Unmatched _ -> {}
      }
    }
    return new Count(matched, ambiguous, sights.size() - matched - ambiguous);
  }
}
