package io.vethtrace.daemon.probe.attach;

/** Nothing can be traced here. The message is one sentence: what is missing and what to do. */
public final class TracingUnavailableException extends RuntimeException {
  private final String found;
  private final String remedy;

  public TracingUnavailableException(String found, String remedy) {
    super(found + ": " + remedy);
    this.found = found;
    this.remedy = remedy;
  }

  public TracingUnavailableException(String found, String remedy, Throwable cause) {
    this(found, remedy);
    initCause(cause);
  }

  /** The thing that is missing. */
  public String found() {
    return found;
  }

  /** The change that would make tracing possible. */
  public String remedy() {
    return remedy;
  }
}
