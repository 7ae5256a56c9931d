package io.vethtrace.daemon.filter;

/** A program that libpcap does not make. {@link Filter#compile} turns it into a refusal. */
final class UntranslatableException extends RuntimeException {
  UntranslatableException(String message) {
    super(message);
  }
}
