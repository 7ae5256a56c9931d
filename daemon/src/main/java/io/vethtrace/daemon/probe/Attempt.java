package io.vethtrace.daemon.probe;

/** What came of trying something. */
public sealed interface Attempt {
  /** It holds. */
  record Held(String what) implements Attempt {}

  /** It does not; {@code remedy} says what to do. */
  record Failed(String found, String remedy) implements Attempt {}

  /** It could not be tried without something else. */
  record NotTried(String why) implements Attempt {}
}
