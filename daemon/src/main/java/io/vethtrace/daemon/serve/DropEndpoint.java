package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.v1.DropServiceGrpc;
import io.vethtrace.v1.GetDropStatsRequest;
import io.vethtrace.v1.GetDropStatsResponse;
import io.vethtrace.v1.ListDropReasonsRequest;
import io.vethtrace.v1.ListDropReasonsResponse;
import io.vethtrace.v1.WatchDropsRequest;
import io.vethtrace.v1.WatchDropsResponse;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** vethtrace.v1.DropService. */
final class DropEndpoint extends DropServiceGrpc.DropServiceImplBase {
  private final Tracing tracing;
  private final Semaphore room = new Semaphore(WatchClients.MAX);
  private final KernelRelease kernel = KernelRelease.ofRunningKernel();

  DropEndpoint(Tracing tracing) {
    this.tracing = tracing;
  }

  @Override
  public void listDropReasons(
      ListDropReasonsRequest request, StreamObserver<ListDropReasonsResponse> client) {
    client.onNext(
        DropReasonMessages.response(tracing.messages().names().reasons(), kernel.release()));
    client.onCompleted();
  }

  @Override
  public void getDropStats(
      GetDropStatsRequest request, StreamObserver<GetDropStatsResponse> client) {
    if (request.hasSinceUnixNs()
        && request.hasUntilUnixNs()
        && request.getUntilUnixNs() < request.getSinceUnixNs()) {
      client.onError(
          Status.INVALID_ARGUMENT
              .withDescription("the time ends before it begins: until_unix_ns < since_unix_ns")
              .asRuntimeException());
      return;
    }
    client.onNext(DropStats.of(tracing.drops(), tracing.messages().names(), request));
    client.onCompleted();
  }

  @Override
  public void watchDrops(WatchDropsRequest request, StreamObserver<WatchDropsResponse> client) {
    switch (JourneyFilter.read(request.getExpression(), tracing.selection())) {
      case JourneyFilter.Reading.Read(Optional<JourneyFilter> filter) ->
          watch(request, filter, client);
      case JourneyFilter.Reading.Refused(String sentence) ->
          client.onError(Status.INVALID_ARGUMENT.withDescription(sentence).asRuntimeException());
    }
  }

  private void watch(
      WatchDropsRequest request,
      Optional<JourneyFilter> filter,
      StreamObserver<WatchDropsResponse> client) {
    if (!room.tryAcquire()) {
      client.onError(WatchClients.full());
      return;
    }
    ServerCallStreamObserver<WatchDropsResponse> call =
        (ServerCallStreamObserver<WatchDropsResponse>) client;
    Thread watching =
        Thread.ofVirtual()
            .name("watch drops")
            .unstarted(() -> watch(new WatchDropsCall(tracing, request, filter, call)));
    call.setOnCancelHandler(watching::interrupt);
    watching.start();
  }

  private void watch(WatchDropsCall call) {
    try {
      call.run();
    } finally {
      room.release();
    }
  }
}
