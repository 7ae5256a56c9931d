package io.vethtrace.daemon.probe;

/**
 * One thing that tracing rests on.
 *
 * @param name what it is; the same on every machine
 * @param found what was found, in a few words
 * @param remedy what to change; empty where nothing needs to be, or can be
 */
public record Check(String name, State state, String found, String remedy) {
  /** How far it is there. */
  public enum State {
    OK,
    LIMITED,
    MISSING
  }

  static Check ok(String name, String found) {
    return new Check(name, State.OK, found, "");
  }

  static Check limited(String name, String found, String remedy) {
    return new Check(name, State.LIMITED, found, remedy);
  }

  static Check missing(String name, String found, String remedy) {
    return new Check(name, State.MISSING, found, remedy);
  }
}
