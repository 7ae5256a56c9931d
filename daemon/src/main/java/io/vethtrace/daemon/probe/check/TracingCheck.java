package io.vethtrace.daemon.probe.check;

/**
 * One thing that tracing rests on.
 *
 * @param name what it is; the same on every machine
 * @param found what was found, in a few words
 * @param remedy what to change; empty where nothing needs to be, or can be
 */
public record TracingCheck(String name, State state, String found, String remedy) {
  /** How far it is there. */
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
