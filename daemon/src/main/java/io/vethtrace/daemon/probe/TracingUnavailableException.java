package io.vethtrace.daemon.probe;

/** Nothing can be traced here. The message is one sentence: what is missing and what to do. */
public final class TracingUnavailableException extends RuntimeException {
  public TracingUnavailableException(String message) {
    super(message);
  }

  public TracingUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
