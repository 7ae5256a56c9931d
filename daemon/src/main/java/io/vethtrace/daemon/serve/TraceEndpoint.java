package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.feed.LossMonitor;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchCallInputs;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.daemon.engine.feed.WatchQuery;
import io.vethtrace.daemon.engine.judge.CommandTraceStarter;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.v1.ExplainRequest;
import io.vethtrace.v1.ExplainResponse;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** vethtrace.v1.TraceService. */
public final class TraceEndpoint extends TraceServiceGrpc.TraceServiceImplBase {
  private final WatchCallInputs sources;
  private final CommandTraceStarter tracer;
  private final Messages messages;
  private final FeedItemMessages itemMessages;

  public TraceEndpoint(WatchCallInputs sources, CommandTraceStarter tracer, DisplayNames names) {
    this.sources = sources;
    this.tracer = tracer;
    messages = new Messages(names);
    itemMessages = new FeedItemMessages(messages);
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> client) {
    WatchRequestReader reader = new WatchRequestReader(sources.kernelFilter(), itemMessages);
    switch (reader.read(request)) {
      case WatchRequestReader.Reading.Read(WatchQuery query) -> watch(query, client);
      case WatchRequestReader.Reading.Refused(String sentence) ->
          client.onError(CallErrors.invalid(sentence));
    }
  }

  private void watch(WatchQuery query, StreamObserver<WatchResponse> client) {
    Optional<WatchClient> admitted = sources.clients().admit();
    if (admitted.isEmpty()) {
      client.onError(CallErrors.tooManyClients());
      return;
    }
    watch(query, admitted.get(), (ServerCallStreamObserver<WatchResponse>) client);
  }

  private void watch(
      WatchQuery query, WatchClient client, ServerCallStreamObserver<WatchResponse> call) {
    Semaphore ready = new Semaphore(0);
    WatchResponseWriter writer =
        new WatchResponseWriter(
            call, ready, itemMessages, client, new LossMonitor(sources.losses(), client));
    Thread watching =
        Thread.ofVirtual()
            .name("watch")
            .unstarted(
                new WatchCall(sources.stream(), sources.clients(), client, query, call, writer));
    call.setOnReadyHandler(ready::release);
    // Without a handler a call that the client has left fails at its next message.
    call.setOnCancelHandler(watching::interrupt);
    watching.start();
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> client) {
    Optional<TraceItem.FaultFound> found = sources.stream().finding(request.getId());
    if (found.isEmpty()) {
      client.onError(
          Status.NOT_FOUND.withDescription(notFound(request.getId())).asRuntimeException());
      return;
    }
    client.onNext(
        ExplainResponse.newBuilder().setFinding(itemMessages.finding(found.get())).build());
    client.onCompleted();
  }

  private String notFound(String id) {
    return "no finding '%s' in the daemon's history, which has %d of them: it may be too old, or of a daemon that has ended"
        .formatted(id, sources.stream().findings().fill(WallClock.nowUnixNs()).items());
  }

  @Override
  public StreamObserver<WhyRequest> why(StreamObserver<WhyResponse> client) {
    ServerCallStreamObserver<WhyResponse> call = (ServerCallStreamObserver<WhyResponse>) client;
    WhyCall why = new WhyCall(tracer, messages, call);
    call.setOnCancelHandler(why::stop);
    return why;
  }
}
