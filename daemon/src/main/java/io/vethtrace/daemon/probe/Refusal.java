package io.vethtrace.daemon.probe;

/**
 * A mechanism that was tried and did not hold.
 *
 * @param why in words: the step, the error and what it means
 * @param errno the error number, 0 where no call failed
 */
public record Refusal(Mechanism mechanism, String why, int errno) {
  @Override
  public String toString() {
    return mechanism.label() + ": " + why;
  }
}
