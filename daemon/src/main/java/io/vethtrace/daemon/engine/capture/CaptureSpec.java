package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.capture.live.TapOptions;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.Tap;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a client wants captured.
 *
 * @param points at least one, none twice
 * @param maxFrames 0 for no limit
 * @param holdNs how long a frame waits for what becomes of it
 */
public record CaptureSpec(List<TapPoint> points, TapOptions options, long maxFrames, long holdNs) {
  private static final long DEFAULT_HOLD_MS = 5000;

  public static CaptureSpec of(CaptureRequest.Begin begin, TapOpener taps) throws TapException {
    Set<TapPoint> points = new LinkedHashSet<>();
    for (Tap tap : begin.getTapsList()) {
      points.add(taps.find(tap.getNetnsInode(), tap.getInterface()));
    }
    for (Tap end : begin.getPairsList()) {
      TapPoint one = taps.find(end.getNetnsInode(), end.getInterface());
      points.add(one);
      points.add(taps.peerOf(one));
    }
    if (points.isEmpty()) {
      throw new TapException(TapException.Kind.NO_DEVICE, "no interface is named");
    }
    return new CaptureSpec(
        List.copyOf(points), options(begin), begin.getMaxFrames(), holdNs(begin));
  }

  private static TapOptions options(CaptureRequest.Begin begin) {
    int snapLen = begin.getSnapLenBytes();
    boolean whole = snapLen <= 0 || snapLen > TapOptions.MAX_SNAP_LEN_BYTES;
    return new TapOptions(
        begin.getFilter(), whole ? TapOptions.MAX_SNAP_LEN_BYTES : snapLen, begin.getPromiscuous());
  }

  private static long holdNs(CaptureRequest.Begin begin) {
    long wanted = begin.hasHoldMs() ? begin.getHoldMs() & 0xffff_ffffL : DEFAULT_HOLD_MS;
    return Math.max(Duration.ofMillis(wanted).toNanos(), CaptureSession.JOURNEYS_NS);
  }

  /** Whether a frame waits for so long that what is never answered has been found out by then. */
  boolean waitsForVerdicts() {
    return holdNs >= Duration.ofMillis(DEFAULT_HOLD_MS).toNanos();
  }

  /** Inodes of the namespaces that are captured in. */
  Set<Integer> namespaces() {
    return points.stream().map(TapPoint::netns).collect(Collectors.toSet());
  }

  /** Whether a drop is of the frames that were asked for; none is where the filter cannot tell. */
  Predicate<Journey> wanted() {
    if (options.filter().isEmpty()) {
      return _ -> true;
    }
    return switch (Filter.compile(options.filter())) {
      case Filter.Compilation.Compiled(Filter filter) -> new JourneyFilter(filter)::matches;
      case Filter.Compilation.Refused _ -> _ -> false;
    };
  }
}
