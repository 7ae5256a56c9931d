package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.capture.Match.Matched;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All pairs of points that saw something at the same time.
 *
 * @param isWhole false where there were more than {@link #MAX_POINTS}, of which the first are
 *     compared
 */
public record Pairings(List<Pairing> all, boolean isWhole) {
  /** The pairs are as many as the square of it, half. */
  public static final int MAX_POINTS = 16;

  public Pairings {
    all = List.copyOf(all);
  }

  /** Compares the points of a set. */
  public static Pairings of(CaptureSet set) {
    List<List<Sight>> byPoint = new ArrayList<>();
    set.points().forEach(_ -> byPoint.add(new ArrayList<>()));
    set.sights().forEach(sight -> byPoint.get(sight.point()).add(sight));
    int count = Math.min(MAX_POINTS, set.points().size());
    List<Pairing> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        pairing(set.points().get(i), set.points().get(j), byPoint).ifPresent(all::add);
      }
    }
    return new Pairings(all, count == set.points().size());
  }

  private static Optional<Pairing> pairing(Point one, Point other, List<List<Sight>> byPoint) {
    return one.overlaps(other, Alignment.MAX_APART_NS)
        ? Optional.of(Pairing.of(one, other, byPoint.get(one.id()), byPoint.get(other.id())))
        : Optional.empty();
  }

  /** Those of a point. */
  List<Pairing> of(int point) {
    return all.stream().filter(p -> p.one().id() == point || p.other().id() == point).toList();
  }

  /** The same packet elsewhere, wherever that is known. */
  List<Sight> twins(Sight sight) {
    List<Sight> twins = new ArrayList<>();
    for (Pairing pairing : of(sight.point())) {
      if (pairing.match(sight) instanceof Matched matched) {
        twins.add(matched.other());
      }
    }
    return twins;
  }
}
