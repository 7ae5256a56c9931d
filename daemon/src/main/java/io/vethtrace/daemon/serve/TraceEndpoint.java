package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.util.Optional;

/** vethtrace.v1.TraceService. */
final class TraceEndpoint extends TraceServiceGrpc.TraceServiceImplBase {
  private final Tracing tracing;

  TraceEndpoint(Tracing tracing) {
    this.tracing = tracing;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> client) {
    if (request.getFilter().isEmpty() || isKernels(request.getFilter())) {
      watch(request, Optional.empty(), client);
      return;
    }
    switch (Filter.compile(request.getFilter())) {
      case Filter.Compilation.Compiled(Filter filter) ->
          watch(request, Optional.of(filter), client);
      case Filter.Compilation.Refused(String sentence) ->
          client.onError(Status.INVALID_ARGUMENT.withDescription(sentence).asRuntimeException());
    }
  }

  private boolean isKernels(String expression) {
    return tracing
        .selection()
        .filter()
        .map(Filter::expression)
        .filter(expression::equals)
        .isPresent();
  }

  private void watch(
      WatchRequest request, Optional<Filter> filter, StreamObserver<WatchResponse> client) {
    ServerCallStreamObserver<WatchResponse> call = (ServerCallStreamObserver<WatchResponse>) client;
    // Without a handler a call that the client has left fails at its next message.
    Thread watching =
        Thread.ofVirtual().name("watch").unstarted(new WatchCall(tracing, request, filter, call));
    call.setOnCancelHandler(watching::interrupt);
    watching.start();
  }

  @Override
  public StreamObserver<WhyRequest> why(StreamObserver<WhyResponse> client) {
    ServerCallStreamObserver<WhyResponse> call = (ServerCallStreamObserver<WhyResponse>) client;
    WhyCall why = new WhyCall(tracing, call);
    call.setOnCancelHandler(why::stop);
    return why;
  }
}
