package io.vethtrace.daemon.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.EngineTimings;
import io.vethtrace.daemon.engine.judge.CommandReport;
import io.vethtrace.daemon.engine.judge.CommandTrace;
import io.vethtrace.daemon.engine.judge.CommandTraceStarter;
import io.vethtrace.v1.WhyReport;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client's trace of one command: begin, ready, scope…, ended, report. */
final class WhyCall implements StreamObserver<WhyRequest> {
  private static final long MAX_UINT32 = 0xffff_ffffL;

  private final CommandTraceStarter tracer;
  private final Messages messages;
  private final ServerCallStreamObserver<WhyResponse> client;
  private @Nullable CommandTrace trace;
  private @Nullable Thread thread;
  private boolean refused;

  WhyCall(
      CommandTraceStarter tracer, Messages messages, ServerCallStreamObserver<WhyResponse> client) {
    this.tracer = tracer;
    this.messages = messages;
    this.client = client;
  }

  @Override
  public void onNext(WhyRequest request) {
    CommandTrace current = trace;
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

  private void refuse(String sentence) {
    refused = true;
    stop();
    client.onError(CallErrors.invalid(sentence));
  }

  private static void step(CommandTrace trace, WhyRequest request) {
    switch (request.getStepCase()) {
      case SCOPE -> trace.addNetns(request.getScope().getNetnsInode());
      case ENDED -> trace.end(settle(request.getEnded()));
      case BEGIN, STEP_NOT_SET -> {}
    }
  }

  private static Duration settle(WhyRequest.Ended ended) {
    return ended.hasSettleMs() ? Duration.ofMillis(ended.getSettleMs()) : EngineTimings.SETTLE;
  }

  private void begin() {
    CommandTrace begun = tracer.start();
    trace = begun;
    client.onNext(
        WhyResponse.newBuilder().setReady(WhyResponse.Ready.getDefaultInstance()).build());
    thread = Thread.ofVirtual().name("why").start(() -> run(begun));
  }

  private void run(CommandTrace begun) {
    try (begun) {
      begun.collectUntilEnded();
      client.onNext(WhyResponse.newBuilder().setReport(message(begun.report())).build());
      client.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      CallErrors.fail(client, "the trace of a command failed", e);
    }
  }

  private WhyReport message(CommandReport report) {
    WhyReport.Builder message =
        WhyReport.newBuilder().setLostEvents((int) Math.min(report.lostEvents(), MAX_UINT32));
    report.findings().forEach(finding -> message.addFindings(messages.finding(finding)));
    report.journeys().forEach(journey -> message.addJourneys(messages.journey(journey)));
    return message.build();
  }

  @Override
  public void onError(Throwable cause) {
    stop();
  }

  /** The client may close its side as soon as it has sent `ended`; the report still follows. */
  @Override
  public void onCompleted() {
    CommandTrace current = trace;
    if (!refused && (current == null || !current.isEnded())) {
      refuse("the client closed its side before `ended`");
    }
  }

  /** Ends the trace without a report: the client has left. */
  void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
