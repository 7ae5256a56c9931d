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

/** A daemon that has answered once. Closing it ends the daemon if it was started for this. */
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
   * @param options of vethtraced, for a private one
   */
  public static DaemonConnection open(
      Optional<ServerAddress> given, List<String> options, Interruption interruption) {
    return answering(
        given.map(DaemonConnection::existing).orElseGet(() -> any(options, interruption)));
  }

  /** Connects to the given server, or to the default one; empty if none listens there. */
  public static Optional<DaemonConnection> openIfListening(Optional<ServerAddress> given) {
    boolean listens =
        given.isPresent()
            || !(ConnectAttempt.at(ServerAddress.DEFAULT) instanceof ConnectAttempt.Nobody);
    return listens
        ? Optional.of(answering(existing(given.orElse(ServerAddress.DEFAULT))))
        : Optional.empty();
  }

  private static DaemonConnection answering(DaemonConnection connection) {
    try {
      connection.status();
      connection.forgetSocket();
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static DaemonConnection existing(ServerAddress address) {
    return switch (ConnectAttempt.at(address)) {
      case ConnectAttempt.Yes _ -> new DaemonConnection(address, null);
      case ConnectAttempt.Nobody _ ->
          throw Failure.notPossible(
              "nobody listens on %s; start vethtraced there, or leave --server and VETHTRACE_SERVER out for a private daemon"
                  .formatted(address));
      case ConnectAttempt.Refused(String why) ->
          throw Failure.notPossible("cannot connect to %s: %s".formatted(address, why));
    };
  }

  private static DaemonConnection any(List<String> options, Interruption interruption) {
    ServerAddress address = ServerAddress.DEFAULT;
    return switch (ConnectAttempt.at(address)) {
      case ConnectAttempt.Yes _ -> new DaemonConnection(address, null);
      case ConnectAttempt.Nobody _ -> own(options, interruption);
      case ConnectAttempt.Refused(String why) ->
          throw Failure.notPossible(
              "a daemon listens on %s and this user may not connect to it (%s); run as root"
                  .formatted(address, why));
    };
  }

  private static DaemonConnection own(List<String> options, Interruption interruption) {
    PrivateDaemon daemon = PrivateDaemon.start(options, interruption);
    return new DaemonConnection(daemon.address(), daemon);
  }

  public ManagedChannel channel() {
    return channel;
  }

  public StatusResponse status() {
    return ask(
        StatusServiceGrpc::newBlockingStub,
        stub -> stub.status(StatusRequest.getDefaultInstance()));
  }

  /** The finding that this id names. */
  public Finding explain(String id) {
    return ask(
        TraceServiceGrpc::newBlockingStub,
        stub -> stub.explain(ExplainRequest.newBuilder().setId(id).build()).getFinding());
  }

  public DoctorResponse doctor() {
    return ask(
        StatusServiceGrpc::newBlockingStub,
        stub -> stub.doctor(DoctorRequest.getDefaultInstance()));
  }

  /** The running kernel's drop reasons. */
  public ListDropReasonsResponse dropReasons() {
    return ask(
        DropServiceGrpc::newBlockingStub,
        stub -> stub.listDropReasons(ListDropReasonsRequest.getDefaultInstance()));
  }

  /** What the kernel counted. */
  public GetDropStatsResponse dropStats(GetDropStatsRequest request) {
    return ask(DropServiceGrpc::newBlockingStub, stub -> stub.getDropStats(request));
  }

  private <S extends AbstractStub<S>, T> T ask(
      Function<Channel, S> stubs, Function<S, T> question) {
    try {
      return question.apply(
          stubs.apply(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  /** Begins to watch, until the call's context is cancelled. */
  public void watch(WatchRequest request, StreamObserver<WatchResponse> batches) {
    TraceServiceGrpc.newStub(channel).watch(request, batches);
  }

  /** Likewise, drops. */
  public void watchDrops(WatchDropsRequest request, StreamObserver<WatchDropsResponse> batches) {
    DropServiceGrpc.newStub(channel).watchDrops(request, batches);
  }

  /** What a failed call means for the user. */
  public Failure failure(Throwable error) {
    return Optional.ofNullable(daemon)
        .flatMap(PrivateDaemon::lastWords)
        .map(Failure::notPossible)
        .orElseGet(() -> CallFailure.of(error, address));
  }

  /**
   * Returns when {@code end} completes or the time is over.
   *
   * @throws Failure what it failed with, or what a failed call means for the user
   */
  public void await(CompletableFuture<?> end, Duration limit) {
    try {
      end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The time is over, as was asked for.
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof Failure failure ? failure : failure(cause);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private void forgetSocket() {
    if (daemon != null) {
      daemon.forgetSocket();
    }
  }

  /** A private daemon ends the command should this program die. */
  public void commandStarted(long pid) {
    if (daemon != null) {
      daemon.follow(pid);
    }
  }

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
