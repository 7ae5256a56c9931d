package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.capture.CaptureSession;
import io.vethtrace.daemon.engine.capture.CaptureSpec;
import io.vethtrace.daemon.engine.capture.PcapngSection;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.CaptureResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client's capture: begin, frames…, stop, the rest. */
final class CaptureCall implements StreamObserver<CaptureRequest> {
  private static final int JOURNEYS = 1 << 15;

  private final Tracing tracing;
  private final String version;
  private final ServerCallStreamObserver<CaptureResponse> client;
  private @Nullable CaptureSession session;
  private boolean begun;

  CaptureCall(Tracing tracing, String version, ServerCallStreamObserver<CaptureResponse> client) {
    this.tracing = tracing;
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
    // Before the taps: the journeys of their first frames too are to be had.
    Subscription<TraceItem> subscription = tracing.feed().subscribe(JOURNEYS);
    List<Tap> taps = new ArrayList<>();
    try {
      CaptureSpec wish = CaptureSpec.of(begin, tracing.taps());
      for (TapPoint point : wish.points()) {
        taps.add(tracing.taps().open(point, wish.options()));
      }
      start(wish, taps, subscription);
    } catch (TapException e) {
      refuse(status(e.kind()).withDescription(e.getMessage()), taps, subscription);
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a capture did not begin", e);
      refuse(Status.INTERNAL.withDescription(e.toString()), taps, subscription);
    }
  }

  private void refuse(Status why, List<Tap> taps, Subscription<TraceItem> subscription) {
    taps.forEach(Tap::close);
    subscription.close();
    client.onError(why.asRuntimeException());
  }

  private void start(CaptureSpec wish, List<Tap> taps, Subscription<TraceItem> subscription) {
    PcapngSection section =
        new PcapngSection(
            KernelRelease.ofRunningKernel().release(), version, wish.options().filter());
    CaptureSession opened =
        new CaptureSession(tracing, client, wish, List.copyOf(taps), subscription, section);
    session = opened;
    Thread.ofVirtual().name("capture").start(() -> run(opened));
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
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a capture died", e);
      client.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
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

  /** The client has no more to say; a capture that has begun goes on until it leaves. */
  @Override
  public void onCompleted() {
    if (!begun) {
      begun = true;
      client.onError(
          Status.INVALID_ARGUMENT
              .withDescription("the client closed its side before `begin`")
              .asRuntimeException());
    }
  }

  /** The client has left. */
  void stop() {
    CaptureSession current = session;
    if (current != null) {
      current.stop();
      current.stop();
    }
  }
}
