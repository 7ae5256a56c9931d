package io.vethtrace.daemon.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.engine.feed.WatchCallInputs;
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
public final class DropEndpoint extends DropServiceGrpc.DropServiceImplBase {
  private final WatchCallInputs sources;
  private final DropCountHistory counts;
  private final DisplayNames names;
  private final Semaphore room = new Semaphore(WatchClients.MAX);
  private final KernelRelease kernel = KernelRelease.ofRunningKernel();

  public DropEndpoint(WatchCallInputs sources, DropCountHistory counts, DisplayNames names) {
    this.sources = sources;
    this.counts = counts;
    this.names = names;
  }

  @Override
  public void listDropReasons(
      ListDropReasonsRequest request, StreamObserver<ListDropReasonsResponse> client) {
    client.onNext(DropReasonMessages.response(names.reasons(), kernel.release()));
    client.onCompleted();
  }

  @Override
  public void getDropStats(
      GetDropStatsRequest request, StreamObserver<GetDropStatsResponse> client) {
    if (request.hasSinceUnixNs()
        && request.hasUntilUnixNs()
        && request.getUntilUnixNs() < request.getSinceUnixNs()) {
      client.onError(
          CallErrors.invalid("the time ends before it begins: until_unix_ns < since_unix_ns"));
      return;
    }
    client.onNext(DropStats.of(counts, names, request));
    client.onCompleted();
  }

  @Override
  public void watchDrops(WatchDropsRequest request, StreamObserver<WatchDropsResponse> client) {
    switch (JourneyFilter.read(request.getExpression(), sources.kernelFilter())) {
      case JourneyFilter.Reading.Read(Optional<JourneyFilter> filter) ->
          watch(request, filter, client);
      case JourneyFilter.Reading.Refused(String sentence) ->
          client.onError(CallErrors.invalid(sentence));
    }
  }

  private void watch(
      WatchDropsRequest request,
      Optional<JourneyFilter> filter,
      StreamObserver<WatchDropsResponse> client) {
    if (!room.tryAcquire()) {
      client.onError(CallErrors.tooManyClients());
      return;
    }
    ServerCallStreamObserver<WatchDropsResponse> call =
        (ServerCallStreamObserver<WatchDropsResponse>) client;
    Thread watching =
        Thread.ofVirtual()
            .name("watch drops")
            .unstarted(() -> watch(new WatchDropsCall(sources, names, request, filter, call)));
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
