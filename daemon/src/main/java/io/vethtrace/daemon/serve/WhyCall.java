package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vethtrace.v1.WhyReport;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client's investigation of one command: begin, ready, scope…, ended, report. */
final class WhyCall implements StreamObserver<WhyRequest> {
  /** An answer may take a while, and an ARP request is repeated after a second. */
  private static final Duration DEFAULT_SETTLE = Duration.ofMillis(1500);

  private final Tracing tracing;
  private final StreamObserver<WhyResponse> client;
  private @Nullable Investigation investigation;
  private @Nullable Thread thread;

  WhyCall(Tracing tracing, StreamObserver<WhyResponse> client) {
    this.tracing = tracing;
    this.client = client;
  }

  @Override
  public void onNext(WhyRequest request) {
    Investigation current = investigation;
    if (request.hasBegin() && current == null) {
      begin();
    } else if (current == null || request.hasBegin()) {
      client.onError(
          Status.INVALID_ARGUMENT
              .withDescription("the first message, and only the first, is `begin`")
              .asRuntimeException());
    } else {
      step(current, request);
    }
  }

  private static void step(Investigation investigation, WhyRequest request) {
    switch (request.getStepCase()) {
      case SCOPE -> investigation.scope(request.getScope().getNetnsInode());
      case ENDED -> investigation.end(settle(request.getEnded()));
      case BEGIN, STEP_NOT_SET -> {}
    }
  }

  private static Duration settle(WhyRequest.Ended ended) {
    return ended.hasSettleMs() ? Duration.ofMillis(ended.getSettleMs()) : DEFAULT_SETTLE;
  }

  private void begin() {
    Investigation begun = new Investigation(tracing);
    investigation = begun;
    thread = Thread.ofVirtual().name("why").start(() -> investigate(begun));
    client.onNext(
        WhyResponse.newBuilder().setReady(WhyResponse.Ready.getDefaultInstance()).build());
  }

  private void investigate(Investigation begun) {
    try (begun) {
      begun.collectUntilEnded();
      WhyReport report = begun.report();
      client.onNext(WhyResponse.newBuilder().setReport(report).build());
      client.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onError(Throwable cause) {
    stop();
  }

  @Override
  public void onCompleted() {
    // The client may close its side as soon as it has said `ended`; the report still follows.
  }

  private void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
