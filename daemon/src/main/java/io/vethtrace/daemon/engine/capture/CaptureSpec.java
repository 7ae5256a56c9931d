package io.vethtrace.daemon.engine.capture;

import static io.vethtrace.daemon.engine.EngineTimings.CAPTURE_HOLD;
import static io.vethtrace.daemon.engine.EngineTimings.JOURNEY_END_NS;

import io.vethtrace.daemon.capture.live.TapOptions;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The devices and frames that a client wants captured.
 *
 * @param points at least one, none twice
 * @param maxFrames 0 for no limit
 * @param holdNs the time for which a frame waits for the verdict on its packet; at least {@code
 *     JOURNEY_END_NS}
 */
public record CaptureSpec(List<TapPoint> points, TapOptions options, long maxFrames, long holdNs) {
  public CaptureSpec {
    points = List.copyOf(points);
    holdNs = Math.max(holdNs, JOURNEY_END_NS);
  }

  /** Returns true if a frame waits until an unanswered conversation has been judged. */
  boolean waitsForVerdicts() {
    return holdNs >= CAPTURE_HOLD.toNanos();
  }

  /** Returns the inodes of the namespaces that are captured in. */
  Set<Integer> namespaces() {
    return points.stream().map(TapPoint::netns).collect(Collectors.toSet());
  }

  /** Returns a predicate that is true for drops of wanted frames; for none if it cannot tell. */
  Predicate<Journey> dropFilter() {
    if (options.filter().isEmpty()) {
      return _ -> true;
    }
    return switch (Filter.compile(options.filter())) {
      case Filter.Compilation.Compiled(Filter filter) -> new JourneyFilter(filter)::matches;
      case Filter.Compilation.Refused _ -> _ -> false;
    };
  }
}
