package io.vethtrace.cli.investigate;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WhyReport;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** One call of the RPC Why: sends the steps of an investigation and receives the report. */
final class WhyStream implements AutoCloseable {
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<WhyReport> report = new CompletableFuture<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final StreamObserver<WhyRequest> requests;

  private WhyStream(Channel channel) {
    requests = TraceServiceGrpc.newStub(channel).why(new Responses());
  }

  private final class Responses implements StreamObserver<WhyResponse> {
    @Override
    public void onNext(WhyResponse response) {
      switch (response.getStepCase()) {
        case READY -> ready.complete(null);
        case REPORT -> report.complete(response.getReport());
        case STEP_NOT_SET -> onError(new IllegalStateException("an empty response"));
      }
    }

    @Override
    public void onError(Throwable error) {
      ready.completeExceptionally(error);
      report.completeExceptionally(error);
      failed.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("the call ended without a report"));
    }
  }

  static WhyStream begin(Channel channel) {
    WhyStream stream = new WhyStream(channel);
    stream.send(WhyRequest.newBuilder().setBegin(WhyRequest.Begin.getDefaultInstance()));
    return stream;
  }

  /** Completes once the daemon traces, so that no packet is missed. Fails if the call fails. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes with the report. Fails if the call fails. */
  CompletableFuture<WhyReport> report() {
    return report;
  }

  /** Fails if the call fails, and never completes otherwise. */
  CompletableFuture<Void> failed() {
    return failed;
  }

  /** Adds a namespace whose packets belong to the command. */
  void scope(long netnsInode) {
    send(
        WhyRequest.newBuilder()
            .setScope(WhyRequest.Scope.newBuilder().setNetnsInode((int) netnsInode)));
  }

  /** Says that the command has ended. A second call can shorten the time. */
  void ended(Optional<Duration> settle) {
    WhyRequest.Ended.Builder ended = WhyRequest.Ended.newBuilder();
    settle.ifPresent(time -> ended.setSettleMs((int) Math.min(time.toMillis(), Integer.MAX_VALUE)));
    send(WhyRequest.newBuilder().setEnded(ended));
  }

  private void send(WhyRequest.Builder request) {
    if (!report.isDone()) {
      requests.onNext(request.build());
    }
  }

  @Override
  public void close() {
    if (!report.isDone()) {
      requests.onError(new CancellationException("the investigation ended"));
    } else if (!report.isCompletedExceptionally()) {
      requests.onCompleted();
    }
  }
}
