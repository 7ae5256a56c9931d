package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.engine.feed.WatchQuery;
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
final class TraceEndpoint extends TraceServiceGrpc.TraceServiceImplBase {
  private final Tracing tracing;
  private final FeedItemMessages messages;

  TraceEndpoint(Tracing tracing) {
    this.tracing = tracing;
    messages = new FeedItemMessages(tracing.messages());
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> client) {
    switch (WatchQuery.read(request, tracing.selection())) {
      case WatchQuery.Reading.Read(WatchQuery wish) -> watch(wish, client);
      case WatchQuery.Reading.Refused(String sentence) ->
          client.onError(Status.INVALID_ARGUMENT.withDescription(sentence).asRuntimeException());
    }
  }

  private void watch(WatchQuery wish, StreamObserver<WatchResponse> client) {
    Optional<WatchClient> admitted = tracing.stream().clients().admit();
    if (admitted.isEmpty()) {
      client.onError(WatchClients.full());
      return;
    }
    watch(wish, admitted.get(), (ServerCallStreamObserver<WatchResponse>) client);
  }

  private void watch(
      WatchQuery wish, WatchClient client, ServerCallStreamObserver<WatchResponse> call) {
    Semaphore ready = new Semaphore(0);
    Thread watching =
        Thread.ofVirtual()
            .name("watch")
            .unstarted(new WatchCall(tracing, messages, wish, client, call, ready));
    call.setOnReadyHandler(ready::release);
    // Without a handler a call that the client has left fails at its next message.
    call.setOnCancelHandler(watching::interrupt);
    watching.start();
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> client) {
    Optional<TraceItem.FaultFound> found = tracing.stream().finding(request.getId());
    if (found.isEmpty()) {
      client.onError(Status.NOT_FOUND.withDescription(gone(request.getId())).asRuntimeException());
      return;
    }
    client.onNext(ExplainResponse.newBuilder().setFinding(messages.finding(found.get())).build());
    client.onCompleted();
  }

  private String gone(String id) {
    return "no finding '%s' in the daemon's history, which has %d of them: it may be too old, or of a daemon that has ended"
        .formatted(id, tracing.stream().findings().fill(WallClock.nowUnixNs()).items());
  }

  @Override
  public StreamObserver<WhyRequest> why(StreamObserver<WhyResponse> client) {
    ServerCallStreamObserver<WhyResponse> call = (ServerCallStreamObserver<WhyResponse>) client;
    WhyCall why = new WhyCall(tracing, call);
    call.setOnCancelHandler(why::stop);
    return why;
  }
}
