package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.trace.Journey;

/** What is to be written, before anything is known of it. */
sealed interface CapturedItem {
  /** CLOCK_REALTIME in nanoseconds. */
  long unixNs();

  /** A frame that a tap saw. */
  record Framed(TapPoint at, CapturedFrame frame) implements CapturedItem {
    @Override
    public long unixNs() {
      return frame.unixNs();
    }
  }

  /** A drop, which is written if no interface saw the packet. */
  record Dropped(Journey journey, long unixNs) implements CapturedItem {}
}
