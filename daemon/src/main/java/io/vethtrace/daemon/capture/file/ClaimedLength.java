package io.vethtrace.daemon.capture.file;

/** Lengths as files claim them. */
final class ClaimedLength {
  /** libpcap's MAXIMUM_SNAPLEN (pcap-int.h): nothing that writes captures keeps more of a frame. */
  static final int MAX_FRAME_BYTES = 256 << 10;

  private ClaimedLength() {}

  /** An unsigned length that is for information only. */
  static int clamped(int lengthBytes) {
    return lengthBytes < 0 ? Integer.MAX_VALUE : lengthBytes;
  }

  /** Returns the number of frame bytes that follow. */
  static int captured(int lengthBytes) throws MalformedCaptureException {
    if (Integer.compareUnsigned(lengthBytes, MAX_FRAME_BYTES) > 0) {
      throw MalformedCaptureException.of(
          "it claims %s captured bytes, and no capture has frames of more than %d",
          Integer.toUnsignedString(lengthBytes), MAX_FRAME_BYTES);
    }
    return lengthBytes;
  }

  /** Rounds a length up to a multiple of four, as pcapng pads. */
  static int padded(int lengthBytes) {
    return (lengthBytes + 3) & ~3;
  }
}
