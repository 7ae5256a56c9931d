package io.vethtrace.daemon.serve;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vethtrace.daemon.engine.Tracing;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The services on a Unix socket, with health and reflection beside them. */
public final class GrpcServer implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 1 << 16;
  private static final int MAX_METADATA_BYTES = 1 << 13;

  /** On one connection; a call more waits on the client's side until one has ended. */
  private static final int MAX_CALLS = 64;

  /**
   * gRPC asks every connection for SO_KEEPALIVE (NettyServer, 1.85), which a Unix socket has not,
   * and Netty would warn of each. Held, because a logger that nobody holds forgets its level.
   */
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

  /** It warns of each client that leaves before it has read all, with a stack (gRPC 1.85). */
  private static final Logger STREAMS = Logger.getLogger("io.grpc.netty.NettyServerHandler");

  static {
    BOOTSTRAP.setLevel(Level.SEVERE);
    STREAMS.setLevel(Level.SEVERE);
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  private GrpcServer(Path socket, Tracing tracing, String version) throws IOException {
    // Before the first request can come: the health service starts out as SERVING.
    health.setStatus("", ServingStatus.NOT_SERVING);
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .flowControlWindow(MAX_REQUEST_BYTES)
            .addService(new TraceEndpoint(tracing))
            .addService(new CaptureEndpoint(tracing, version))
            .addService(new DropEndpoint(tracing))
            .addService(new StatusEndpoint(tracing, version))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
  }

  /** Listens on {@code socket}, which must not exist yet. */
  public static GrpcServer start(Path socket, Tracing tracing, String version) throws IOException {
    return new GrpcServer(socket, tracing, version);
  }

  /** Says on the health service that requests are welcome. */
  public void markServing() {
    health.setStatus("", ServingStatus.SERVING);
  }

  /** Ends every call and stops listening. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops
        .shutdownGracefully(0, 500, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
