package io.vethtrace.daemon.probe.check;

/**
 * One thing that tracing needs.
 *
 * @param name the thing's name; the same on every machine
 * @param found the state in which it was found, in a few words
 * @param remedy the change to make; empty if nothing has to be changed, or can be
 */
public record TracingCheck(String name, State state, String found, String remedy) {
  /** The degree to which it is there. */
  public enum State {
    OK,
    LIMITED,
    MISSING
  }

  static TracingCheck ok(String name, String found) {
    return new TracingCheck(name, State.OK, found, "");
  }

  static TracingCheck limited(String name, String found, String remedy) {
    return new TracingCheck(name, State.LIMITED, found, remedy);
  }

  static TracingCheck missing(String name, String found, String remedy) {
    return new TracingCheck(name, State.MISSING, found, remedy);
  }
}
