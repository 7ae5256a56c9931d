package io.vethtrace.daemon.capture.file;

/** Receives the frames of a file in the order of the file. */
@FunctionalInterface
public interface FrameConsumer {
  /**
   * One frame.
   *
   * @param number counted from 1 in this file, as Wireshark and tcpdump do
   */
  void frame(long number, CapturedFrame frame);

  /** Receives a finding about the last frame. The default implementation ignores it. */
  default void found(FindingComment note) {}

  /**
   * A packet that no interface saw: {@link UnseenDrop}. Without more, a frame like others.
   *
   * @param what the outcome
   */
  default void drop(long number, CapturedFrame frame, String what) {
    frame(number, frame);
  }
}
