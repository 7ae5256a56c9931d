package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client's side of one call: what came back, and how it ended. */
final class RecordingObserver<Q, R> implements ClientResponseObserver<Q, R> {
  private final LinkedBlockingQueue<R> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> status = new CompletableFuture<>();
  private final CompletableFuture<ClientCallStreamObserver<Q>> call = new CompletableFuture<>();

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> started) {
    call.complete(started);
  }

  @Override
  public void onNext(R response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable cause) {
    status.complete(Status.fromThrowable(cause));
  }

  @Override
  public void onCompleted() {
    status.complete(Status.OK);
  }

  /** The next response. */
  R next() throws InterruptedException {
    @Nullable R response = responses.poll(AwaitOtherThread.LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("no response; status: " + status.getNow(Status.UNKNOWN));
    }
    return response;
  }

  /** Returns the status with which the call ended; no response may be left over. */
  Status.Code end() throws InterruptedException, ExecutionException, TimeoutException {
    Status ended = status.get(AwaitOtherThread.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(responses).isEmpty();
    return ended.getCode();
  }

  /** The client leaves. */
  void leave() {
    call.join().cancel("the test leaves", null);
  }
}
