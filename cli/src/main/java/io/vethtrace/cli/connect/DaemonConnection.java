package io.vethtrace.cli.connect;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.DoctorRequest;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.DropServiceGrpc;
import io.vethtrace.v1.ExplainRequest;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.GetDropStatsRequest;
import io.vethtrace.v1.GetDropStatsResponse;
import io.vethtrace.v1.ListDropReasonsRequest;
import io.vethtrace.v1.ListDropReasonsResponse;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchDropsRequest;
import io.vethtrace.v1.WatchDropsResponse;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection to a daemon that has answered once. Closing it ends a private daemon. */
public final class DaemonConnection implements AutoCloseable {
  private static final long ANSWER_SECONDS = 30;

  private final ServerAddress address;
  private final @Nullable PrivateDaemon daemon;
  private final ManagedChannel channel;

  private DaemonConnection(ServerAddress address, @Nullable PrivateDaemon daemon) {
    this.address = address;
    this.daemon = daemon;
    this.channel = GrpcChannels.open(address);
  }

  /**
   * Connects to the given server, or to the default one, or to a private daemon if none listens.
   *
   * @param options the options of vethtraced for a private daemon
   */
  public static DaemonConnection open(
      Optional<ServerAddress> given, List<String> options, Interruption interruption) {
    return answering(
        given
            .map(DaemonConnection::toListening)
            .orElseGet(() -> toDefaultOrPrivate(options, interruption)));
  }

  /** Connects to the given server, or to the default one; empty if none listens there. */
  public static Optional<DaemonConnection> openIfListening(Optional<ServerAddress> given) {
    boolean listens =
        given.isPresent()
            || !(ConnectAttempt.at(ServerAddress.DEFAULT) instanceof ConnectAttempt.NobodyListens);
    return listens
        ? Optional.of(answering(toListening(given.orElse(ServerAddress.DEFAULT))))
        : Optional.empty();
  }

  private static DaemonConnection answering(DaemonConnection connection) {
    try {
      connection.status();
      connection.deleteSocketFile();
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static DaemonConnection toListening(ServerAddress address) {
    return switch (ConnectAttempt.at(address)) {
      case ConnectAttempt.Accepted _ -> new DaemonConnection(address, null);
      case ConnectAttempt.NobodyListens _ ->
          throw Failure.notPossible(
              "nobody listens on %s; start vethtraced there, or use a private daemon: leave out --server and VETHTRACE_SERVER"
                  .formatted(address));
      case ConnectAttempt.Refused(String why) ->
          throw Failure.notPossible("cannot connect to %s: %s".formatted(address, why));
    };
  }

  private static DaemonConnection toDefaultOrPrivate(
      List<String> options, Interruption interruption) {
    ServerAddress address = ServerAddress.DEFAULT;
    return switch (ConnectAttempt.at(address)) {
      case ConnectAttempt.Accepted _ -> new DaemonConnection(address, null);
      case ConnectAttempt.NobodyListens _ -> toPrivateDaemon(options, interruption);
      case ConnectAttempt.Refused(String why) ->
          throw Failure.notPossible(
              "a daemon listens on %s and this user may not connect to it (%s); run as root"
                  .formatted(address, why));
    };
  }

  private static DaemonConnection toPrivateDaemon(List<String> options, Interruption interruption) {
    PrivateDaemon daemon = PrivateDaemon.start(options, interruption);
    return new DaemonConnection(daemon.address(), daemon);
  }

  public ManagedChannel channel() {
    return channel;
  }

  public StatusResponse status() {
    return call(
        StatusServiceGrpc::newBlockingStub,
        stub -> stub.status(StatusRequest.getDefaultInstance()));
  }

  /** Returns the finding with this id. */
  public Finding explain(String id) {
    return call(
        TraceServiceGrpc::newBlockingStub,
        stub -> stub.explain(ExplainRequest.newBuilder().setId(id).build()).getFinding());
  }

  public DoctorResponse doctor() {
    return call(
        StatusServiceGrpc::newBlockingStub,
        stub -> stub.doctor(DoctorRequest.getDefaultInstance()));
  }

  /** Returns the drop reasons of the running kernel. */
  public ListDropReasonsResponse dropReasons() {
    return call(
        DropServiceGrpc::newBlockingStub,
        stub -> stub.listDropReasons(ListDropReasonsRequest.getDefaultInstance()));
  }

  /** Returns the kernel's counts of drops. */
  public GetDropStatsResponse dropStats(GetDropStatsRequest request) {
    return call(DropServiceGrpc::newBlockingStub, stub -> stub.getDropStats(request));
  }

  private <S extends AbstractStub<S>, T> T call(Function<Channel, S> stubs, Function<S, T> method) {
    try {
      return method.apply(stubs.apply(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  /** Streams journeys and findings until the context of the call is cancelled. */
  public void watch(WatchRequest request, StreamObserver<WatchResponse> batches) {
    TraceServiceGrpc.newStub(channel).watch(request, batches);
  }

  /** Streams drops until the context of the call is cancelled. */
  public void watchDrops(WatchDropsRequest request, StreamObserver<WatchDropsResponse> batches) {
    DropServiceGrpc.newStub(channel).watchDrops(request, batches);
  }

  /** Returns the meaning of a failed call for the user. */
  public Failure failure(Throwable error) {
    return Optional.ofNullable(daemon)
        .flatMap(PrivateDaemon::lastErrorLine)
        .map(Failure::notPossible)
        .orElseGet(() -> CallFailure.of(error, address));
  }

  /**
   * Returns when {@code end} completes or the time is over.
   *
   * @throws Failure if {@code end} fails, with its meaning for the user
   */
  public void await(CompletableFuture<?> end, Duration limit) {
    try {
      end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // This is the normal end at a time limit.
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof Failure failure ? failure : failure(cause);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private void deleteSocketFile() {
    if (daemon != null) {
      daemon.deleteSocketFile();
    }
  }

  /** Lets a private daemon end the command if this program dies. */
  public void commandStarted(long pid) {
    if (daemon != null) {
      daemon.commandStarted(pid);
    }
  }

  /** Tells a private daemon that the command has ended. */
  public void commandEnded(long pid) {
    if (daemon != null) {
      daemon.commandEnded(pid);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (daemon != null) {
      daemon.close();
    }
  }
}
