package io.vethtrace.daemon.probe.attach;

/**
 * A mechanism by which a probe point could not be attached.
 *
 * @param why the step, the error and its meaning, in words
 * @param errno the error number, 0 if no call failed
 * @param remedy the change that would let it attach; empty if nothing here can be changed
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
