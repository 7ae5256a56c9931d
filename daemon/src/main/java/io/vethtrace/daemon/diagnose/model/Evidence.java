package io.vethtrace.daemon.diagnose.model;

/** One fact that proves a finding, in words. */
public record Evidence(Kind kind, String text) {

  /** The kind of the fact; the names are the public API's. */
  public enum Kind {
    RETURN_VALUE,
    SYSCTL,
    ADDRESS,
    DEVICE,
    DROP,
    PACKETS,
    SOCKET,
    COUNTER,
    RULE,
    LIMIT
  }
}
