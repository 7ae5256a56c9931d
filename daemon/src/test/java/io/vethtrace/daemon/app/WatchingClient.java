package io.vethtrace.daemon.app;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vethtrace.v1.Counts;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A client on a connection of its own, which reads as many messages as it is told to. */
final class WatchingClient
    implements ClientResponseObserver<WatchRequest, WatchResponse>, AutoCloseable {
  static final int ALL = Integer.MAX_VALUE;

  final AtomicInteger messages = new AtomicInteger();
  final AtomicLong journeys = new AtomicLong();
  final AtomicLong toldLost = new AtomicLong();
  final CompletableFuture<Counts> ended = new CompletableFuture<>();
  private final ManagedChannel channel;
  private final int atOnce;
  private final CompletableFuture<ClientCallStreamObserver<WatchRequest>> call =
      new CompletableFuture<>();
  private volatile Counts counts = Counts.getDefaultInstance();

  /** {@code atOnce}: how many messages it reads without being told to. */
  WatchingClient(Path socket, EventLoopGroup loops, int atOnce) {
    this.atOnce = atOnce;
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(loops)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  WatchingClient watch(WatchRequest request) {
    TraceServiceGrpc.newStub(channel).watch(request, this);
    return this;
  }

  /** Reads so many messages more. */
  void read(int count) {
    call.join().request(count);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> started) {
    started.disableAutoRequestWithInitial(atOnce);
    call.complete(started);
  }

  @Override
  public void onNext(WatchResponse response) {
    messages.incrementAndGet();
    journeys.addAndGet(response.getJourneysCount());
    toldLost.addAndGet(response.getLost().getClient());
    if (response.hasCounts()) {
      counts = response.getCounts();
    }
  }

  @Override
  public void onError(Throwable cause) {
    ended.completeExceptionally(cause);
  }

  @Override
  public void onCompleted() {
    ended.complete(counts);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
