package io.vethtrace.cli;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A call whose answer is a stream of batches. The sink takes each in gRPC's own callback. A slow
 * sink thus slows the stream, and the daemon counts what it has to leave out.
 */
final class ServerStreamCall<T> implements StreamObserver<T> {
  private final Predicate<T> sink;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /**
   * {@code sink} returns true while it wants more. A {@link Failure} that it throws ends the call.
   */
  ServerStreamCall(Predicate<T> sink) {
    this.sink = sink;
  }

  /** Makes the call. Returns on Ctrl-C, at the time limit, or if the sink wants no more. */
  void run(
      DaemonConnection connection,
      Consumer<StreamObserver<T>> start,
      Interruption interruption,
      Optional<Duration> limit) {
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      call.run(() -> start.accept(this));
      connection.await(
          CompletableFuture.anyOf(ended, interruption.requested()),
          limit.orElse(Duration.ofDays(3650)));
    }
  }

  @Override
  public void onNext(T batch) {
    try {
      if (!ended.isDone() && !sink.test(batch)) {
        ended.complete(null);
      }
    } catch (Failure failure) {
      ended.completeExceptionally(failure);
    }
  }

  @Override
  public void onError(Throwable error) {
    ended.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    ended.complete(null);
  }
}
