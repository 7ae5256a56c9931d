package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.trace.Journey;

/** An item that waits to be joined with journeys. */
sealed interface CapturedFrameOrDrop {
  /** Returns its time, CLOCK_REALTIME in nanoseconds. */
  long unixNs();

  /** A frame of a tap. */
  record Framed(TapPoint at, CapturedFrame frame) implements CapturedFrameOrDrop {
    @Override
    public long unixNs() {
      return frame.unixNs();
    }
  }

  /** A drop, which is written if no tap saw the packet. */
  record Dropped(Journey journey, long unixNs) implements CapturedFrameOrDrop {}
}
