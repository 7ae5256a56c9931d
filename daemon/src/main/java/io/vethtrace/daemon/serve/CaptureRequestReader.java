package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.capture.live.TapOptions;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.engine.EngineTimings;
import io.vethtrace.daemon.engine.capture.CaptureSpec;
import io.vethtrace.daemon.engine.capture.TapOpener;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.Tap;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the requests of clients that capture, and finds the devices that they name. */
record CaptureRequestReader(TapOpener taps) {
  CaptureSpec read(CaptureRequest.Begin begin) throws TapException {
    return new CaptureSpec(points(begin), options(begin), begin.getMaxFrames(), holdNs(begin));
  }

  private List<TapPoint> points(CaptureRequest.Begin begin) throws TapException {
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
    return List.copyOf(points);
  }

  private static TapOptions options(CaptureRequest.Begin begin) {
    int snapLen = begin.getSnapLenBytes();
    boolean whole = snapLen <= 0 || snapLen > TapOptions.MAX_SNAP_LEN_BYTES;
    return new TapOptions(
        begin.getFilter(), whole ? TapOptions.MAX_SNAP_LEN_BYTES : snapLen, begin.getPromiscuous());
  }

  private static long holdNs(CaptureRequest.Begin begin) {
    return begin.hasHoldMs()
        ? Duration.ofMillis(Integer.toUnsignedLong(begin.getHoldMs())).toNanos()
        : EngineTimings.CAPTURE_HOLD.toNanos();
  }
}
