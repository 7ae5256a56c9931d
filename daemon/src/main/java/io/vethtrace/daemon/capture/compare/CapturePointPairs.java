package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.compare.CapturePointMatch.Matched;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All pairs of points that saw something at the same time.
 *
 * @param isWhole false where there were more than {@link #MAX_POINTS}, of which the first are
 *     compared
 */
public record CapturePointPairs(List<CapturePointPair> all, boolean isWhole) {
  /** The pairs are as many as the square of it, half. */
  public static final int MAX_POINTS = 16;

  public CapturePointPairs {
    all = List.copyOf(all);
  }

  /** Compares the points of a set. */
  public static CapturePointPairs of(CaptureSet set) {
    List<List<FrameRecord>> byPoint = new ArrayList<>();
    set.points().forEach(_ -> byPoint.add(new ArrayList<>()));
    set.frameRecords().forEach(frame -> byPoint.get(frame.point()).add(frame));
    int count = Math.min(MAX_POINTS, set.points().size());
    List<CapturePointPair> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        pairing(set.points().get(i), set.points().get(j), byPoint).ifPresent(all::add);
      }
    }
    return new CapturePointPairs(all, count == set.points().size());
  }

  private static Optional<CapturePointPair> pairing(
      CaptureFilePoint one, CaptureFilePoint other, List<List<FrameRecord>> byPoint) {
    return one.overlaps(other, FrameAlignment.MAX_APART_NS)
        ? Optional.of(
            CapturePointPair.of(one, other, byPoint.get(one.id()), byPoint.get(other.id())))
        : Optional.empty();
  }

  /** Those of a point. */
  List<CapturePointPair> of(int point) {
    return all.stream().filter(p -> p.one().id() == point || p.other().id() == point).toList();
  }

  /** The same packet elsewhere, wherever that is known. */
  List<FrameRecord> twins(FrameRecord frame) {
    List<FrameRecord> twins = new ArrayList<>();
    for (CapturePointPair pairing : of(frame.point())) {
      if (pairing.match(frame) instanceof Matched matched) {
        twins.add(matched.other());
      }
    }
    return twins;
  }
}
