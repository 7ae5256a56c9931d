package io.vethtrace.daemon.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.CaptureResponse;
import io.vethtrace.v1.CaptureServiceGrpc;

/** vethtrace.v1.CaptureService. */
final class CaptureEndpoint extends CaptureServiceGrpc.CaptureServiceImplBase {
  private final Tracing tracing;
  private final String version;

  CaptureEndpoint(Tracing tracing, String version) {
    this.tracing = tracing;
    this.version = version;
  }

  @Override
  public StreamObserver<CaptureRequest> capture(StreamObserver<CaptureResponse> client) {
    ServerCallStreamObserver<CaptureResponse> call =
        (ServerCallStreamObserver<CaptureResponse>) client;
    CaptureCall capture = new CaptureCall(tracing, version, call);
    call.setOnCancelHandler(capture::stop);
    return capture;
  }
}
