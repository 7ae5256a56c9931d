package io.vethtrace.daemon.probe.attach;

/**
 * A mechanism that was tried and did not hold.
 *
 * @param why in words: the step, the error and what it means
 * @param errno the error number, 0 where no call failed
 * @param remedy what would let it hold; empty where nothing here can be changed
 */
public record AttachFailure(Mechanism mechanism, String why, int errno, String remedy) {
  public AttachFailure(Mechanism mechanism, String why, int errno) {
    this(mechanism, why, errno, "");
  }

  @Override
  public String toString() {
    return mechanism.label() + ": " + why;
  }
}
