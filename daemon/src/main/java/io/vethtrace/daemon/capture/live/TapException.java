package io.vethtrace.daemon.capture.live;

/** A tap cannot be opened. The message is one sentence: where, and what is wrong. */
public final class TapException extends Exception {
  /** The party that caused the error. */
  public enum Kind {
    /** The filter is none. */
    FILTER,
    /** The device is not there. */
    NO_DEVICE,
    /** It is not possible here. */
    NOT_POSSIBLE
  }

  private final Kind kind;

  public TapException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
