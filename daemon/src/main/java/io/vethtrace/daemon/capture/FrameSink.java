package io.vethtrace.daemon.capture;

/** Who is handed the frames of a file, in its order. */
@FunctionalInterface
public interface FrameSink {
  /**
   * One frame.
   *
   * @param number counted from 1 in this file, as Wireshark and tcpdump do
   */
  void frame(long number, CapturedFrame frame);
}
