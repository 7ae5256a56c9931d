package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.feed.WatchClients;

/** The statuses with which calls end that do not succeed. */
final class CallErrors {
  private CallErrors() {}

  /** Returns the error for a request that makes no sense. */
  static StatusRuntimeException invalid(String sentence) {
    return Status.INVALID_ARGUMENT.withDescription(sentence).asRuntimeException();
  }

  /** Returns the error for one client more than {@link WatchClients#MAX}. */
  static StatusRuntimeException tooManyClients() {
    return Status.RESOURCE_EXHAUSTED
        .withDescription(
            "%d clients watch already, as many as there is room for; end one of them"
                .formatted(WatchClients.MAX))
        .asRuntimeException();
  }

  /** Logs a failure of the daemon and ends the call with it. */
  static void fail(StreamObserver<?> client, String sentence, RuntimeException cause) {
    System.getLogger("vethtrace").log(System.Logger.Level.ERROR, sentence, cause);
    client.onError(Status.INTERNAL.withDescription(cause.toString()).asRuntimeException());
  }
}
