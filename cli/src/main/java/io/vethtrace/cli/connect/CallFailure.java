package io.vethtrace.cli.connect;

import io.grpc.Status;
import io.vethtrace.cli.exit.Failure;

/** gRPC's status codes in the user's words. */
final class CallFailure {
  private CallFailure() {}

  static Failure of(Throwable error, ServerAddress address) {
    Status status = Status.fromThrowable(error);
    String said = status.getDescription() == null ? "" : ": " + firstLine(status.getDescription());
    return switch (status.getCode()) {
      // CANCELLED: it reset the stream on its way out.
      case UNAVAILABLE, CANCELLED ->
          Failure.notPossible(
              "the daemon at %s went away; look at why it ended and try again".formatted(address));
      case UNIMPLEMENTED, UNKNOWN, INTERNAL ->
          Failure.notPossible(
              "%s does not answer as a vethtrace daemon of this version does%s"
                  .formatted(address, said));
      case DEADLINE_EXCEEDED ->
          Failure.notPossible("the daemon at %s does not answer".formatted(address));
      case INVALID_ARGUMENT, NOT_FOUND -> Failure.usage(sentence(status, address));
      case FAILED_PRECONDITION, RESOURCE_EXHAUSTED ->
          Failure.notPossible(sentence(status, address));
      default ->
          Failure.notPossible(
              "the daemon at %s refused (%s%s)".formatted(address, status.getCode(), said));
    };
  }

  /** The daemon's own words. */
  private static String sentence(Status status, ServerAddress address) {
    return status.getDescription() == null
        ? "the daemon at %s refused".formatted(address)
        : firstLine(status.getDescription());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
