package io.vethtrace.daemon.kernel.netns;

/** The result of reading a namespace. */
public sealed interface NetnsReading {
  /** The facts that were read. */
  record Read(NetnsFacts facts) implements NetnsReading {}

  /**
   * It could not be read.
   *
   * @param why one sentence for people: what is missing and, where it is known, what to do
   */
  record Unreadable(String why) implements NetnsReading {}
}
