package io.vethtrace.daemon.capture.file;

import io.vethtrace.daemon.packet.Frame;

/**
 * One frame as a capture has it.
 *
 * @param from the interface on which the frame was captured
 * @param unixNs the time in nanoseconds since 1970 UTC (CLOCK_REALTIME); {@link #NO_TIME} where the
 *     file does not say
 * @param direction the direction in which it passed the interface, if known
 * @param lengthBytes its length on the wire
 * @param bytes the captured ones, from the link layer's header on; given away by the caller
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, copied by nobody: it may be large
public record CapturedFrame(
    CaptureInterface from, long unixNs, FrameDirection direction, int lengthBytes, byte[] bytes) {

  /** The time of a frame whose capture kept none. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** Creates a frame of a file; "cooked" link types state the direction themselves. */
  static CapturedFrame ofFile(
      CaptureInterface from, long unixNs, FrameDirection said, int lengthBytes, byte[] bytes) {
    FrameDirection direction =
        said == FrameDirection.UNKNOWN ? LinkType.direction(from.linkType(), bytes) : said;
    return new CapturedFrame(from, unixNs, direction, lengthBytes, bytes);
  }

  /** Returns the index of the device, which LINUX_SLL2 keeps with each frame; 0 if unknown. */
  public int ifindex() {
    return LinkType.ifindex(from.linkType(), bytes);
  }

  /** The packet inside. */
  public Frame frame() {
    return LinkType.frame(from.linkType(), bytes);
  }
}
