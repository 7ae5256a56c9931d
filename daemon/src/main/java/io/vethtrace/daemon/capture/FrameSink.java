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

  /**
   * A packet that no tap saw: {@link UnseenDrop}. Without more, a frame like others.
   *
   * @param what became of it
   */
  default void drop(long number, CapturedFrame frame, String what) {
    frame(number, frame);
  }
}
