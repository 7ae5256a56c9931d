package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.compare.CapturePointPairs;
import io.vethtrace.daemon.capture.compare.CaptureSet;
import io.vethtrace.daemon.capture.compare.FrameRecord;
import io.vethtrace.daemon.diagnose.capture.CaptureFinding;
import java.util.List;

/**
 * The result of comparing captures.
 *
 * @param limits the reasons why it may be incomplete, one sentence each
 */
public record CaptureComparison(
    CaptureSet set, CapturePointPairs pairs, List<Found> findings, List<String> limits) {

  /** A finding, and the frames of its packets. */
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
