package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.stream.Subscription;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** One client that watches. Runs on a virtual thread of its own until the client leaves. */
final class WatchCall implements Runnable {
  private static final int QUEUE = 1 << 14;
  private static final int BATCH = 512;
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Tracing tracing;
  private final WatchRequest request;
  private final Optional<JourneyFilter> filter;
  private final ServerCallStreamObserver<WatchResponse> client;
  private long ringLostTold;
  private long clientLostTold;

  /** {@code filter}: what the kernel has not asked yet. */
  WatchCall(
      Tracing tracing,
      WatchRequest request,
      Optional<Filter> filter,
      ServerCallStreamObserver<WatchResponse> client) {
    this.tracing = tracing;
    this.request = request;
    this.filter = filter.map(JourneyFilter::new);
    this.client = client;
    ringLostTold = tracing.lostEvents();
  }

  @Override
  public void run() {
    try (Subscription<TraceItem> subscription = tracing.feed().subscribe(QUEUE)) {
      client.onNext(WatchResponse.getDefaultInstance());
      while (!client.isCancelled() && !isOver(subscription)) {
        if (client.isReady()) {
          send(subscription.take(BATCH, PATIENCE), subscription);
        } else {
          Thread.sleep(PATIENCE);
        }
      }
      if (!client.isCancelled()) {
        client.onCompleted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a watch died", e);
      client.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }

  /** What was queued before the end is still sent. */
  private static boolean isOver(Subscription<TraceItem> subscription) {
    return subscription.isClosed() && subscription.queued() == 0;
  }

  private void send(List<TraceItem> items, Subscription<TraceItem> subscription) {
    WatchResponse.Builder response = WatchResponse.newBuilder();
    items.forEach(item -> add(response, item));
    addLost(response, subscription);
    WatchResponse built = response.build();
    if (!built.equals(WatchResponse.getDefaultInstance())) {
      client.onNext(built);
    }
  }

  private void add(WatchResponse.Builder response, TraceItem item) {
    switch (item) {
      case TraceItem.JourneyEnded ended -> {
        if (matches(ended.journey())) {
          Journey journey = tracing.messages().journey(ended.journey());
          if (wanted(journey)) {
            response.addJourneys(journey);
          }
        }
      }
      case TraceItem.FaultFound found -> {
        if (matches(found.finding().proof())) {
          Finding finding = tracing.messages().finding(found.finding());
          if (wanted(finding.getJourney())) {
            response.addFindings(finding);
          }
        }
      }
    }
  }

  private boolean matches(io.vethtrace.daemon.trace.Journey journey) {
    return filter.isEmpty() || filter.get().matches(journey);
  }

  private boolean wanted(Journey journey) {
    return any(
            request.getNetnsList(),
            journey,
            name ->
                hop ->
                    hop.getNetns().equals(name)
                        || Integer.toUnsignedString(hop.getNetnsInode()).equals(name))
        && any(
            request.getInterfacesList(), journey, name -> hop -> hop.getInterface().equals(name));
  }

  private static boolean any(
      List<String> names, Journey journey, Function<String, Predicate<Hop>> isNamed) {
    return names.isEmpty()
        || names.stream()
            .anyMatch(name -> journey.getHopsList().stream().anyMatch(isNamed.apply(name)));
  }

  private void addLost(WatchResponse.Builder response, Subscription<TraceItem> subscription) {
    long ring = tracing.lostEvents();
    long mine = subscription.lost();
    if (ring != ringLostTold || mine != clientLostTold) {
      response.setLost(
          Lost.newBuilder().setRing(ring - ringLostTold).setClient(mine - clientLostTold));
      ringLostTold = ring;
      clientLostTold = mine;
    }
  }
}
