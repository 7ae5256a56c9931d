package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server on a Unix socket of its own, and a channel to it. */
final class ServerFixture implements AutoCloseable {
  final HandMadeTracing tracing;
  final GrpcServer server;
  final ManagedChannel channel;
  private final Path folder;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  ServerFixture(HandMadeTracing tracing) throws IOException {
    this.tracing = tracing;
    folder = Files.createTempDirectory("vt-serve");
    server = GrpcServer.start(socket(), tracing.services("1.2.3"));
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket()))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(loops)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  private Path socket() {
    return folder.resolve("s.sock");
  }

  /** Returns when the server has answered another call on the same connection. */
  void awaitAnswer() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .isInitialized())
        .isTrue();
  }

  /** Returns when so many calls read the feed. */
  void awaitClients(int count) throws InterruptedException {
    AwaitOtherThread.until("clients = " + count, () -> tracing.feed().clients() == count);
  }

  @Override
  public void close() throws IOException {
    channel.shutdownNow();
    server.close();
    loops.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    Files.deleteIfExists(socket());
    Files.delete(folder);
  }
}
