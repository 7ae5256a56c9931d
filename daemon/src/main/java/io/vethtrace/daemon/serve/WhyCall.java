package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.judge.CommandTrace;
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
  private final ServerCallStreamObserver<WhyResponse> client;
  private @Nullable CommandTrace investigation;
  private @Nullable Thread thread;
  private boolean refused;

  WhyCall(Tracing tracing, ServerCallStreamObserver<WhyResponse> client) {
    this.tracing = tracing;
    this.client = client;
  }

  @Override
  public void onNext(WhyRequest request) {
    CommandTrace current = investigation;
    if (refused || (current != null && current.isEnded())) {
      return; // the answer is on its way
    }
    if (request.hasBegin() && current == null) {
      begin();
    } else if (current == null || request.hasBegin()) {
      refuse("the first message, and only the first, is `begin`");
    } else {
      step(current, request);
    }
  }

  private void refuse(String why) {
    refused = true;
    stop();
    client.onError(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
  }

  private static void step(CommandTrace investigation, WhyRequest request) {
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
    CommandTrace begun = new CommandTrace(tracing);
    investigation = begun;
    client.onNext(
        WhyResponse.newBuilder().setReady(WhyResponse.Ready.getDefaultInstance()).build());
    thread = Thread.ofVirtual().name("why").start(() -> investigate(begun));
  }

  private void investigate(CommandTrace begun) {
    try (begun) {
      begun.collectUntilEnded();
      WhyReport report = begun.report();
      client.onNext(WhyResponse.newBuilder().setReport(report).build());
      client.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "an investigation died", e);
      client.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }

  @Override
  public void onError(Throwable cause) {
    stop();
  }

  /** The client may close its side as soon as it has said `ended`; the report still follows. */
  @Override
  public void onCompleted() {
    CommandTrace current = investigation;
    if (!refused && (current == null || !current.isEnded())) {
      refuse("the client closed its side before `ended`");
    }
  }

  /** The client has left. */
  void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
