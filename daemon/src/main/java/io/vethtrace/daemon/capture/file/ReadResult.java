package io.vethtrace.daemon.capture.file;

/** How far a file could be read. Its frames were handed out by then. */
public sealed interface ReadResult {
  /** All of it. */
  record Whole(long frames) implements ReadResult {}

  /**
   * Up to something that is no part of a capture: the file was cut off, or is damaged.
   *
   * @param frames how many came before it
   * @param what one sentence that names the file, the block and the byte
   */
  record Damaged(long frames, String what) implements ReadResult {}

  /**
   * Not at all.
   *
   * @param why one sentence that names the file
   */
  record NoCapture(String why) implements ReadResult {}
}
