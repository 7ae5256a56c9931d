package io.vethtrace.daemon.filter;

/** A program that libpcap does not make. {@link Filter#compile} turns it into a refusal. */
final class FilterTranslationException extends RuntimeException {
  FilterTranslationException(String message) {
    super(message);
  }
}
