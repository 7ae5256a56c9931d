package io.vethtrace.daemon.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.capture.CaptureCallInputs;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.CaptureResponse;
import io.vethtrace.v1.CaptureServiceGrpc;

/** vethtrace.v1.CaptureService. */
public final class CaptureEndpoint extends CaptureServiceGrpc.CaptureServiceImplBase {
  /**
   * The limit of what may wait for the socket. With gRPC's 32 KiB one message is under way at a
   * time, and the next one leaves a turn of the session's thread later: frames would outrun it.
   */
  private static final int READY_BYTES = 4 << 20;

  private final CaptureCallInputs sources;
  private final String version;

  public CaptureEndpoint(CaptureCallInputs sources, String version) {
    this.sources = sources;
    this.version = version;
  }

  @Override
  public StreamObserver<CaptureRequest> capture(StreamObserver<CaptureResponse> client) {
    ServerCallStreamObserver<CaptureResponse> call =
        (ServerCallStreamObserver<CaptureResponse>) client;
    CaptureCall capture = new CaptureCall(sources, version, call);
    call.setOnCancelHandler(capture::stop);
    call.setOnReadyThreshold(READY_BYTES);
    return capture;
  }
}
