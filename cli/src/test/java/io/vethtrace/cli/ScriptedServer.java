package io.vethtrace.cli;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vethtrace.v1.DoctorRequest;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A real gRPC server on a real Unix socket, which says what its script has it say. */
public final class ScriptedServer implements AutoCloseable {
  private final Path socket;
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  /** The scopes that each investigation named, in order. */
  public final List<List<Integer>> scopes = new CopyOnWriteArrayList<>();

  /** The settle times that clients sent after the command's end. */
  public final List<Integer> settleMs = new CopyOnWriteArrayList<>();

  public final List<WatchRequest> watches = new CopyOnWriteArrayList<>();

  public ScriptedServer(
      Path socket, Function<List<Integer>, WhyReport> report, List<WatchResponse> batches) {
    this.socket = socket;
    this.server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group)
            .addService(new Status())
            .addService(new Trace(report, batches))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ScriptedServer reporting(Path socket, WhyReport report) {
    return new ScriptedServer(socket, _ -> report, List.of());
  }

  public String address() {
    return "unix:" + socket;
  }

  private static final class Status extends StatusServiceGrpc.StatusServiceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> responses) {
      responses.onNext(Fixture.status());
      responses.onCompleted();
    }

    @Override
    public void doctor(DoctorRequest request, StreamObserver<DoctorResponse> responses) {
      responses.onNext(Fixture.doctor());
      responses.onCompleted();
    }
  }

  private final class Trace extends TraceServiceGrpc.TraceServiceImplBase {
    private final Function<List<Integer>, WhyReport> report;
    private final List<WatchResponse> batches;

    Trace(Function<List<Integer>, WhyReport> report, List<WatchResponse> batches) {
      this.report = report;
      this.batches = batches;
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> responses) {
      watches.add(request);
      responses.onNext(WatchResponse.getDefaultInstance());
      batches.forEach(responses::onNext);
    }

    @Override
    public StreamObserver<WhyRequest> why(StreamObserver<WhyResponse> responses) {
      return new WhyScript(report, responses);
    }
  }

  private final class WhyScript implements StreamObserver<WhyRequest> {
    private final Function<List<Integer>, WhyReport> report;
    private final StreamObserver<WhyResponse> responses;
    private final List<Integer> named = new CopyOnWriteArrayList<>();

    WhyScript(Function<List<Integer>, WhyReport> report, StreamObserver<WhyResponse> responses) {
      this.report = report;
      this.responses = responses;
    }

    @Override
    public void onNext(WhyRequest request) {
      switch (request.getStepCase()) {
        case BEGIN ->
            responses.onNext(
                WhyResponse.newBuilder().setReady(WhyResponse.Ready.getDefaultInstance()).build());
        case SCOPE -> named.add(request.getScope().getNetnsInode());
        case ENDED -> answer(request.getEnded());
        case STEP_NOT_SET -> throw new IllegalStateException("an empty request");
      }
    }

    private void answer(WhyRequest.Ended ended) {
      scopes.add(named);
      settleMs.add(ended.getSettleMs());
      responses.onNext(WhyResponse.newBuilder().setReport(report.apply(named)).build());
      responses.onCompleted();
    }

    @Override
    public void onError(Throwable error) {
      // The client went away.
    }

    @Override
    public void onCompleted() {}
  }

  @Override
  public void close() {
    server.shutdownNow();
    var _ = group.shutdownGracefully();
  }
}
