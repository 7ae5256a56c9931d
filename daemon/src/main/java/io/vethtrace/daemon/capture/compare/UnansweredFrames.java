package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.trace.UnansweredRequests;
import java.util.List;

/**
 * Requests without an answer, and which frames they are.
 *
 * @param frames the frames at all points, in order of time; the first {@link #MAX_FRAMES} of them
 */
public record UnansweredFrames(UnansweredRequests silence, List<FrameRecord> frames) {
  /** A flood must not fill a screen or the memory. */
  public static final int MAX_FRAMES = 1000;

  public UnansweredFrames {
    frames = List.copyOf(frames.subList(0, Math.min(MAX_FRAMES, frames.size())));
  }
}
