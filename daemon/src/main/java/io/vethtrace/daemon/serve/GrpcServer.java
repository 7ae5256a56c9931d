package io.vethtrace.daemon.serve;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The services on a Unix socket, with health and reflection beside them. */
public final class GrpcServer implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 1 << 16;
  private static final int MAX_METADATA_BYTES = 1 << 13;

  /** The limit for one connection; a further call waits on the client's side. */
  private static final int MAX_CALLS = 64;

  /**
   * gRPC sets SO_KEEPALIVE on every connection (NettyServer, 1.85). A Unix socket has no such
   * option, and Netty would warn of each. The field keeps the logger, which would forget its level.
   */
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

  /** Netty warns of each client that leaves before it has read all, with a stack (gRPC 1.85). */
  private static final Logger STREAMS = Logger.getLogger("io.grpc.netty.NettyServerHandler");

  static {
    BOOTSTRAP.setLevel(Level.SEVERE);
    STREAMS.setLevel(Level.SEVERE);
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  private GrpcServer(Path socket, List<BindableService> services) throws IOException {
    // Before the first request can come: the health service starts out as SERVING.
    health.setStatus("", ServingStatus.NOT_SERVING);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .flowControlWindow(MAX_REQUEST_BYTES)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    services.forEach(builder::addService);
    server = builder.build().start();
  }

  /** Serves on {@code socket}, which must not exist yet. */
  public static GrpcServer start(Path socket, List<BindableService> services) throws IOException {
    return new GrpcServer(socket, services);
  }

  /** Reports SERVING on the health service. */
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
