package io.vethtrace.daemon.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;

/** vethtrace.v1.TraceService. */
final class TraceEndpoint extends TraceServiceGrpc.TraceServiceImplBase {
  private final Tracing tracing;

  TraceEndpoint(Tracing tracing) {
    this.tracing = tracing;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> client) {
    ServerCallStreamObserver<WatchResponse> call = (ServerCallStreamObserver<WatchResponse>) client;
    // Without a handler a call that the client has left fails at its next message.
    Thread watching =
        Thread.ofVirtual().name("watch").unstarted(new WatchCall(tracing, request, call));
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
