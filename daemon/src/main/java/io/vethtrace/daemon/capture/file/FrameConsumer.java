package io.vethtrace.daemon.capture.file;

/** Who is handed the frames of a file, in its order. */
@FunctionalInterface
public interface FrameConsumer {
  /**
   * One frame.
   *
   * @param number counted from 1 in this file, as Wireshark and tcpdump do
   */
  void frame(long number, CapturedFrame frame);

  /**
   * Of the frame that came last, which met a fault: {@link FindingComment}. Without more, nothing.
   */
  default void found(FindingComment note) {}

  /**
   * A packet that no interface saw: {@link UnseenDrop}. Without more, a frame like others.
   *
   * @param what became of it
   */
  default void drop(long number, CapturedFrame frame, String what) {
    frame(number, frame);
  }
}
