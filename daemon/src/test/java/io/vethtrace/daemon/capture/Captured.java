package io.vethtrace.daemon.capture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A capture in memory, read: its frames, and how far it could be read. */
record Captured(List<CapturedFrame> frames, Reading reading) {
  static Captured read(byte[] bytes) {
    List<CapturedFrame> frames = new ArrayList<>();
    try {
      Reading reading =
          CaptureReader.read(
              new ByteArrayInputStream(bytes), "/a/FILE", (number, frame) -> frames.add(frame));
      return new Captured(frames, reading);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String damage() {
    return reading instanceof Reading.Damaged damaged ? damaged.what() : reading.toString();
  }

  List<Long> times() {
    return frames.stream().map(CapturedFrame::unixNs).toList();
  }
}
