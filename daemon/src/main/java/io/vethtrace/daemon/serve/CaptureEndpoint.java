package io.vethtrace.daemon.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.CaptureResponse;
import io.vethtrace.v1.CaptureServiceGrpc;

/** vethtrace.v1.CaptureService. */
final class CaptureEndpoint extends CaptureServiceGrpc.CaptureServiceImplBase {
  /**
   * Up to so much may wait for the socket: with gRPC's 32 KiB one message is under way at a time,
   * and the next one leaves a turn of the session's thread later, which frames outrun.
   */
  private static final int READY_BYTES = 4 << 20;

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
    call.setOnReadyThreshold(READY_BYTES);
    return capture;
  }
}
