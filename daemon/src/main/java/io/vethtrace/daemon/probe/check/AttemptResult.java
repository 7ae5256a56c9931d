package io.vethtrace.daemon.probe.check;

/** What came of trying something. */
public sealed interface AttemptResult {
  /** It holds. */
  record Held(String what) implements AttemptResult {}

  /** It does not; {@code remedy} says what to do. */
  record Failed(String found, String remedy) implements AttemptResult {}

  /** It could not be tried without something else. */
  record NotTried(String why) implements AttemptResult {}
}
