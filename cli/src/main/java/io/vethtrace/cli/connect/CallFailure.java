package io.vethtrace.cli.connect;

import io.grpc.Status;
import io.vethtrace.cli.exit.Failure;

/** Translates the status codes of gRPC into sentences for the user. */
final class CallFailure {
  private CallFailure() {}

  static Failure of(Throwable error, ServerAddress address) {
    Status status = Status.fromThrowable(error);
    String detail =
        status.getDescription() == null ? "" : ": " + firstLine(status.getDescription());
    return switch (status.getCode()) {
      // A daemon that ends resets its streams, which is CANCELLED.
      case UNAVAILABLE, CANCELLED ->
          Failure.notPossible(
              "the daemon at %s went away; find out why it ended and try again".formatted(address));
      case UNIMPLEMENTED, UNKNOWN, INTERNAL ->
          Failure.notPossible(
              "the server at %s is not a vethtrace daemon of this version%s"
                  .formatted(address, detail));
      case DEADLINE_EXCEEDED ->
          Failure.notPossible("the daemon at %s does not answer".formatted(address));
      case INVALID_ARGUMENT, NOT_FOUND -> Failure.usage(sentence(status, address));
      case FAILED_PRECONDITION, RESOURCE_EXHAUSTED ->
          Failure.notPossible(sentence(status, address));
      default ->
          Failure.notPossible(
              "the daemon at %s refused (%s%s)".formatted(address, status.getCode(), detail));
    };
  }

  /** Returns the daemon's own words. */
  private static String sentence(Status status, ServerAddress address) {
    return status.getDescription() == null
        ? "the daemon at %s refused".formatted(address)
        : firstLine(status.getDescription());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
