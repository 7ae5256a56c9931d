package io.vethtrace.cli.capture;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.CaptureCounts;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.CaptureResponse;
import io.vethtrace.v1.CaptureServiceGrpc;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One call of the RPC Capture. It writes responses in gRPC's own callback. A slow disk thus slows
 * the stream, and the daemon counts the frames that it has to leave out.
 */
public final class CaptureStream implements StreamObserver<CaptureResponse>, AutoCloseable {
  private final CaptureDestination file;
  private final Consumer<String> notes;
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final StreamObserver<CaptureRequest> requests;
  private ByteString preamble = ByteString.EMPTY;
  private volatile CaptureCounts counts = CaptureCounts.getDefaultInstance();

  private CaptureStream(Channel channel, CaptureDestination file, Consumer<String> notes) {
    this.file = file;
    this.notes = notes;
    requests = CaptureServiceGrpc.newStub(channel).capture(this);
  }

  /**
   * Begins a capture.
   *
   * @param notes gets messages for the user while the capture runs
   */
  public static CaptureStream begin(
      Channel channel,
      CaptureRequest.Begin begin,
      CaptureDestination file,
      Consumer<String> notes) {
    CaptureStream stream = new CaptureStream(channel, file, notes);
    stream.requests.onNext(CaptureRequest.newBuilder().setBegin(begin).build());
    return stream;
  }

  /** Completes when the taps are open. Fails if the call fails. */
  public CompletableFuture<Void> begun() {
    return begun;
  }

  /** Completes when all is written. Fails if the call fails, or with a {@link Failure} to write. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Returns the latest counts of the daemon. */
  public CaptureCounts counts() {
    return counts;
  }

  /** Asks the daemon to end the capture. The second call asks it to end at once. */
  public void stop() {
    if (!ended.isDone()) {
      requests.onNext(
          CaptureRequest.newBuilder().setStop(CaptureRequest.Stop.getDefaultInstance()).build());
    }
  }

  @Override
  public void onNext(CaptureResponse response) {
    if (ended.isDone()) {
      return;
    }
    try {
      file.write(preamble, response.getBlocks());
    } catch (Failure failure) {
      begun.completeExceptionally(failure);
      ended.completeExceptionally(failure);
      return;
    }
    if (!response.getPreamble().isEmpty()) {
      preamble = response.getPreamble(); // These blocks begin with its new part.
    }
    if (response.hasCounts()) {
      counts = response.getCounts();
    }
    response.getNotesList().forEach(notes);
    begun.complete(null);
  }

  @Override
  public void onError(Throwable error) {
    begun.completeExceptionally(error);
    ended.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    ended.complete(null);
  }

  @Override
  public void close() {
    if (ended.isDone() && !ended.isCompletedExceptionally()) {
      requests.onCompleted();
    } else {
      requests.onError(new CancellationException("the capture ended"));
    }
  }
}
