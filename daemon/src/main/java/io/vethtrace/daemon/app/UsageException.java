package io.vethtrace.daemon.app;

/** The command line asks for what cannot be. The message is one sentence. */
final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message);
  }
}
