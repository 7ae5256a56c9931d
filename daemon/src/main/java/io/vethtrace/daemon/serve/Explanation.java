package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.capture.CaptureSet;
import io.vethtrace.daemon.capture.Pairings;
import io.vethtrace.daemon.capture.Sight;
import io.vethtrace.daemon.diagnose.CaptureFinding;
import java.util.List;

/**
 * What captures show together.
 *
 * @param limits why that may be incomplete, one sentence each
 */
public record Explanation(
    CaptureSet set, Pairings pairings, List<Found> findings, List<String> limits) {

  /** A finding, and the frames that are its packets. */
  public record Found(CaptureFinding finding, List<Sight> frames) {
    public Found {
      frames = List.copyOf(frames);
    }
  }

  public Explanation {
    findings = List.copyOf(findings);
    limits = List.copyOf(limits);
  }
}
