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

  /** The packet inside. */
  public Frame frame() {
    return LinkType.frame(from.linkType(), bytes);
  }
}
