package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.compare.CapturePointMatch.Ambiguous;
import io.vethtrace.daemon.capture.compare.CapturePointMatch.Matched;
import io.vethtrace.daemon.capture.compare.CapturePointMatch.Unmatched;
import io.vethtrace.daemon.capture.compare.CapturePointMatch.Why;
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
public final class CapturePointPair {
  private final CaptureFilePoint one;
  private final CaptureFilePoint other;

  /** Matches by the index of the frame record. */
  private final Map<Integer, CapturePointMatch> matches = new HashMap<>();

  private final List<FrameRecord> ofOne;
  private final List<FrameRecord> ofOther;

  private CapturePointPair(
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
   * @param ofOther the frames of {@code other}, in order of time
   */
  static CapturePointPair of(
      CaptureFilePoint one,
      CaptureFilePoint other,
      List<FrameRecord> ofOne,
      List<FrameRecord> ofOther) {
    CapturePointPair pairing = new CapturePointPair(one, other, ofOne, ofOther);
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

  /** Returns the match of a frame of either point at the other point. */
  public CapturePointMatch match(FrameRecord frame) {
    return matches.getOrDefault(frame.index(), new Unmatched(Why.NOT_SEEN));
  }

  /** The frames of both that are no one else's. */
  public List<FrameRecord> frameRecords() {
    List<FrameRecord> all = new ArrayList<>(ofOne);
    all.addAll(ofOther);
    all.sort(Comparator.comparingInt(FrameRecord::index));
    return all;
  }

  /** The frames of {@link #one} whose twin is known, in order of time. */
  public List<Hop> hops() {
    List<Hop> hops = new ArrayList<>();
    for (FrameRecord frame : ofOne) {
      if (match(frame) instanceof Matched matched) {
        hops.add(new Hop(frame, matched.other(), matched.sameBytes()));
      }
    }
    return hops;
  }

  /**
   * One packet at both points.
   *
   * @param atOne as {@link CapturePointPair#one} saw it
   */
  public record Hop(FrameRecord atOne, FrameRecord atOther, boolean sameBytes) {
    /**
     * Returns the time by which the other point captured the packet later; negative if it captured
     * it first.
     */
    public long laterNs() {
      return atOther.unixNs() - atOne.unixNs();
    }
  }

  /** The properties that make two frames one packet, the surest first. */
  private enum Likeness {
    BYTES,
    FINGERPRINT,
    /**
     * Matches frames of which one capture kept fewer bytes: enough only if there is no second
     * candidate.
     */
    HEADERS;

    boolean isUsable(FrameRecord frame) {
      return switch (this) {
        case BYTES -> true;
        case FINGERPRINT -> !Fingerprint.isPartial(frame.fingerprint());
        case HEADERS -> frame.fingerprint() != Fingerprint.UNKNOWN;
      };
    }

    long of(FrameRecord frame) {
      return switch (this) {
        case BYTES -> frame.bytesHash();
        case FINGERPRINT -> frame.fingerprint();
        case HEADERS -> Fingerprint.headers(frame.fingerprint());
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
  private Map<Long, List<FrameRecord>> groups(List<FrameRecord> frameRecords, Likeness likeness) {
    Map<Long, List<FrameRecord>> groups = new HashMap<>();
    for (FrameRecord frame : frameRecords) {
      if (frame.hasTime() && likeness.isUsable(frame) && !matches.containsKey(frame.index())) {
        groups.computeIfAbsent(likeness.of(frame), k -> new ArrayList<>()).add(frame);
      }
    }
    return groups;
  }

  private void explain(
      List<FrameRecord> frameRecords, CaptureFilePoint there, List<FrameRecord> those) {
    Set<Long> alike = those.stream().map(FrameRecord::bytesHash).collect(Collectors.toSet());
    for (FrameRecord frame : frameRecords) {
      boolean isAlike = alike.contains(frame.bytesHash());
      matches.putIfAbsent(frame.index(), new Unmatched(why(frame, there, isAlike)));
    }
  }

  private static Why why(FrameRecord frame, CaptureFilePoint there, boolean isAlike) {
    if (!frame.hasTime()) {
      return Why.NO_TIME;
    }
    if (!there.isEmpty() && frame.unixNs() < there.firstNs()) {
      return Why.BEFORE_IT_BEGAN;
    }
    if (!there.isEmpty() && frame.unixNs() > there.lastNs()) {
      return Why.AFTER_IT_ENDED;
    }
    return isAlike ? Why.ANOTHER_TIME : Why.NOT_SEEN;
  }

  /** The numbers of frames of a point that have a match, may have one, and have none. */
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
    for (FrameRecord frame : sights) {
      switch (match(frame)) {
        case Matched _ -> matched++;
        case Ambiguous _ -> ambiguous++;
        case Unmatched _ -> {}
      }
    }
    return new Count(matched, ambiguous, sights.size() - matched - ambiguous);
  }
}
