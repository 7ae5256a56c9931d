package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.engine.capture.CaptureCallInputs;
import io.vethtrace.daemon.engine.capture.CaptureSession;
import io.vethtrace.daemon.engine.capture.CaptureSpec;
import io.vethtrace.daemon.engine.capture.PcapngSection;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.CaptureResponse;
import org.jspecify.annotations.Nullable;

/** One client's capture: begin, frames…, stop, the rest. */
final class CaptureCall implements StreamObserver<CaptureRequest> {
  private final CaptureCallInputs sources;
  private final String version;
  private final ServerCallStreamObserver<CaptureResponse> client;
  private @Nullable CaptureSession session;
  private boolean begun;

  CaptureCall(
      CaptureCallInputs sources, String version, ServerCallStreamObserver<CaptureResponse> client) {
    this.sources = sources;
    this.version = version;
    this.client = client;
  }

  @Override
  public void onNext(CaptureRequest request) {
    CaptureSession current = session;
    switch (request.getStepCase()) {
      case BEGIN -> {
        if (!begun) {
          begun = true;
          begin(request.getBegin());
        }
      }
      case STOP -> {
        if (current != null) {
          current.stop();
        }
      }
      case STEP_NOT_SET -> {}
    }
  }

  private void begin(CaptureRequest.Begin begin) {
    try {
      CaptureSession opened = open(new CaptureRequestReader(sources.taps()).read(begin));
      session = opened;
      Thread.ofVirtual().name("capture").start(() -> run(opened));
    } catch (TapException e) {
      client.onError(status(e.kind()).withDescription(e.getMessage()).asRuntimeException());
    } catch (RuntimeException e) {
      CallErrors.fail(client, "a capture did not begin", e);
    }
  }

  private CaptureSession open(CaptureSpec spec) throws TapException {
    PcapngSection section =
        new PcapngSection(
            KernelRelease.ofRunningKernel().release(), version, spec.options().filter());
    return CaptureSession.open(sources, new CaptureResponseWriter(client), spec, section);
  }

  private void run(CaptureSession running) {
    try (running) {
      running.run();
      if (!client.isCancelled()) {
        client.onCompleted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!client.isCancelled()) {
        client.onError(Status.UNAVAILABLE.withDescription("the daemon ends").asRuntimeException());
      }
    } catch (RuntimeException e) {
      CallErrors.fail(client, "a capture failed", e);
    }
  }

  private static Status status(TapException.Kind kind) {
    return switch (kind) {
      case FILTER, NO_DEVICE -> Status.INVALID_ARGUMENT;
      case NOT_POSSIBLE -> Status.FAILED_PRECONDITION;
    };
  }

  @Override
  public void onError(Throwable cause) {
    stop();
  }

  /** The client has no more to say; a capture that has begun goes on until the client leaves. */
  @Override
  public void onCompleted() {
    if (!begun) {
      begun = true;
      client.onError(CallErrors.invalid("the client closed its side before `begin`"));
    }
  }

  /** Ends the capture at once: the client has left. */
  void stop() {
    CaptureSession current = session;
    if (current != null) {
      current.stop();
      current.stop();
    }
  }
}
