package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.compare.CaptureSet;
import io.vethtrace.daemon.capture.compare.FrameRecord;
import io.vethtrace.daemon.capture.compare.PointPairs;
import io.vethtrace.daemon.diagnose.capture.CaptureFinding;
import java.util.List;

/**
 * What captures show together.
 *
 * @param limits why that may be incomplete, one sentence each
 */
public record CaptureComparison(
    CaptureSet set, PointPairs pairings, List<Found> findings, List<String> limits) {

  /** A finding, and the frames that are its packets. */
  public record Found(CaptureFinding finding, List<FrameRecord> frames) {
    public Found {
      frames = List.copyOf(frames);
    }
  }

  public CaptureComparison {
    findings = List.copyOf(findings);
    limits = List.copyOf(limits);
  }
}
