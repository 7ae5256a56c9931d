package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.file.CaptureReader;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.ReadResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A capture in memory, read: its frames, and how far it could be read. */
public record CapturedFrames(List<CapturedFrame> frames, ReadResult reading) {
  public static CapturedFrames read(byte[] bytes) {
    List<CapturedFrame> frames = new ArrayList<>();
    try {
      ReadResult reading =
          CaptureReader.read(
              new ByteArrayInputStream(bytes), "/a/FILE", (number, frame) -> frames.add(frame));
      return new CapturedFrames(frames, reading);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String damage() {
    return reading instanceof ReadResult.Damaged damaged ? damaged.what() : reading.toString();
  }

  public List<Long> times() {
    return frames.stream().map(CapturedFrame::unixNs).toList();
  }
}
