package io.vethtrace.daemon.capture.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a pcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then records.
 *
 * <pre>
 *  0        4        8        12       16
 * +--------+--------+--------+--------+------------------+
 * | second |fraction|captured| length | captured bytes   |
 * +--------+--------+--------+--------+------------------+
 * </pre>
 */
public final class PcapReader {
  private static final int HEADER_BYTES = 24;
  private static final int VERSION_MAJOR = 2;
  private static final int RECORD_BYTES = 16;
  private static final long NS_PER_SECOND = 1_000_000_000;

  private final ByteWindow window;
  private final PcapMagic magic;
  private final ReadProgress progress;

  PcapReader(ByteWindow window, PcapMagic magic, ReadProgress progress) {
    this.window = window;
    this.magic = magic;
    this.progress = progress;
  }

  ReadResult read() {
    window.order(magic.order());
    try {
      records(header());
      return progress.whole();
    } catch (MalformedCaptureException e) {
      return progress.damaged(e);
    } catch (IOException e) {
      return progress.unreadable(e);
    }
  }

  private CaptureInterface header() throws IOException, MalformedCaptureException {
    if (!window.has(HEADER_BYTES)) {
      throw MalformedCaptureException.cutOff();
    }
    if (window.u16(4) != VERSION_MAJOR) {
      throw MalformedCaptureException.of(
          "version %d.%d is not known", window.u16(4), window.u16(6));
    }
    int snapLenBytes = Math.max(0, window.i32(16));
    // Above the link type's 16 bits stands whether frames end with a check sequence.
    int linkType = window.i32(20) & 0xffff;
    window.advance(HEADER_BYTES);
    return new CaptureInterface(nameOfFile(progress.file()), "", linkType, snapLenBytes);
  }

  /** The last part of its path. */
  public static String nameOfFile(String file) {
    Path name = Path.of(file).getFileName();
    return name == null ? file : name.toString();
  }

  private void records(CaptureInterface from) throws IOException, MalformedCaptureException {
    while (window.has(1)) {
      progress.next("record", window.offset());
      record(from);
    }
  }

  private void record(CaptureInterface from) throws IOException, MalformedCaptureException {
    if (!window.has(RECORD_BYTES)) {
      throw MalformedCaptureException.cutOff();
    }
    long second = Integer.toUnsignedLong(window.i32(0));
    long unixNs = second * NS_PER_SECOND + fractionNs();
    int captured = ClaimedLength.captured(window.i32(8));
    int lengthBytes = ClaimedLength.clamped(window.i32(12));
    window.advance(RECORD_BYTES);
    if (!window.has(captured)) {
      throw MalformedCaptureException.cutOff();
    }
    byte[] bytes = window.copy(captured);
    window.advance(captured);
    progress.frame(CapturedFrame.ofFile(from, unixNs, FrameDirection.UNKNOWN, lengthBytes, bytes));
  }

  private long fractionNs() throws MalformedCaptureException {
    long fraction = Integer.toUnsignedLong(window.i32(4));
    if (fraction >= magic.fractionsPerSecond()) {
      throw MalformedCaptureException.of("%d is no fraction of a second", fraction);
    }
    return fraction * magic.fractionNs();
  }
}
