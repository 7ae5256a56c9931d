package io.vethtrace.cli.record;

import io.vethtrace.v1.CaptureFrame;
import io.vethtrace.v1.FrameRef;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the captured frames of a journey: those with its fingerprint, on an interface that it
 * passed, at the same time.
 */
final class JourneyFrames {
  /**
   * The largest difference between the times of a frame and a hop. A capture takes its time a
   * moment before or after the hook, and the clocks drift while a recording runs. No request is
   * repeated that soon.
   */
  private static final long MAX_APART_NS = 100_000_000;

  /** The name that Linux gives to a capture on all interfaces. */
  private static final String ANY = "any";

  private final long realtimeOffsetNs;
  private final Map<Integer, List<CaptureFrame>> byHeaders = new HashMap<>();

  JourneyFrames(List<CaptureFrame> frames, long realtimeOffsetNs) {
    this.realtimeOffsetNs = realtimeOffsetNs;
    for (CaptureFrame frame : frames) {
      if (frame.getFingerprint() != 0) {
        byHeaders
            .computeIfAbsent(headers(frame.getFingerprint()), k -> new ArrayList<>())
            .add(frame);
      }
    }
  }

  /** Returns the nearest frame of each file and interface, in order of time. */
  List<FrameRef> of(Journey journey) {
    Map<String, Near> nearest = new LinkedHashMap<>();
    for (CaptureFrame frame :
        byHeaders.getOrDefault(headers(journey.getFingerprint()), List.of())) {
      if (isPayloadSame(frame.getFingerprint(), journey.getFingerprint())) {
        long apartNs = apartNs(journey, frame.getFrame());
        if (apartNs <= MAX_APART_NS) {
          String capturePoint = frame.getFrame().getFile() + "\0" + frame.getFrame().getInterface();
          nearest.merge(capturePoint, new Near(frame.getFrame(), apartNs), Near::nearer);
        }
      }
    }
    return nearest.values().stream().map(Near::frame).toList();
  }

  private record Near(FrameRef frame, long apartNs) {
    Near nearer(Near other) {
      return other.apartNs < apartNs ? other : this;
    }
  }

  private long apartNs(Journey journey, FrameRef frame) {
    long least = Long.MAX_VALUE;
    for (Hop hop : journey.getHopsList()) {
      if (frame.getInterface().equals(hop.getInterface()) || frame.getInterface().startsWith(ANY)) {
        long hopUnixNs = hop.getKtimeNs() + realtimeOffsetNs;
        least = Math.min(least, Math.abs(frame.getUnixNs() - hopUnixNs));
      }
    }
    return least;
  }

  /** Returns the hash of the headers, the lower half of a fingerprint (model.proto). */
  private static int headers(long fingerprint) {
    return (int) fingerprint;
  }

  /** Returns true if the hashes of the payload are equal or one is missing. */
  private static boolean isPayloadSame(long one, long other) {
    long mine = one >>> Integer.SIZE;
    long others = other >>> Integer.SIZE;
    return mine == others || mine == 0 || others == 0;
  }
}
