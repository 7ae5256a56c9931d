package io.vethtrace.daemon.probe.check;

/** The result of an attempt. */
public sealed interface TrialResult {
  /** The attempt succeeded. */
  record Held(String what) implements TrialResult {}

  /** The attempt failed; {@code remedy} says what to do. */
  record Failed(String found, String remedy) implements TrialResult {}

  /** The attempt needs something else that failed before. */
  record NotTried(String why) implements TrialResult {}
}
