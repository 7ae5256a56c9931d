package io.vethtrace.cli.connect;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** Opens gRPC channels over the JDK's own sockets, which need no native library. */
final class GrpcChannels {
  private GrpcChannels() {}

  static ManagedChannel open(ServerAddress address) {
    LibraryLogs.silence();
    return NettyChannelBuilder.forAddress(address.socketAddress())
        .channelType(channelType(address))
        .eventLoopGroup(eventLoop())
        .overrideAuthority("vethtrace")
        .usePlaintext()
        .maxInboundMessageSize(64 << 20)
        // The socket file of a private daemon is deleted after the first call: keep the connection.
        .idleTimeout(365, TimeUnit.DAYS)
        .build();
  }

  private static Class<? extends Channel> channelType(ServerAddress address) {
    return switch (address) {
      case ServerAddress.Unix _ -> NioDomainSocketChannel.class;
      case ServerAddress.Tcp _ -> NioSocketChannel.class;
    };
  }

  private static EventLoopGroup eventLoop() {
    DefaultThreadFactory daemonThreads = new DefaultThreadFactory("grpc-io", true);
    return new MultiThreadIoEventLoopGroup(1, daemonThreads, NioIoHandler.newFactory());
  }
}
