package io.vethtrace.daemon.capture.file;

/** The result of reading a file. The frames have been passed on by then. */
public sealed interface ReadResult {
  /** The file was read to its end. */
  record Whole(long frames) implements ReadResult {}

  /**
   * The file was read up to bytes that are no part of a capture: it was cut off, or is damaged.
   *
   * @param frames the number of frames before it
   * @param what the damage, one sentence that names the file, the block and the byte
   */
  record Damaged(long frames, String what) implements ReadResult {}

  /**
   * The file is not a capture.
   *
   * @param why one sentence that names the file
   */
  record NoCapture(String why) implements ReadResult {}
}
