package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.Drop;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.WatchDropsRequest;
import io.vethtrace.v1.WatchDropsResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One client that watches drops. Runs on a virtual thread of its own until the client leaves. */
final class WatchDropsCall implements Runnable {
  private static final int QUEUE = 1 << 14;
  private static final int BATCH = 512;
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Tracing tracing;
  private final WatchDropsRequest request;
  private final DropFilterTerms wanted;
  private final Optional<JourneyFilter> filter;
  private final ServerCallStreamObserver<WatchDropsResponse> client;
  private final DropMessages messages;
  private long ringLostTold;
  private long clientLostTold;

  /** {@code filter}: what the kernel has not asked yet. */
  WatchDropsCall(
      Tracing tracing,
      WatchDropsRequest request,
      Optional<JourneyFilter> filter,
      ServerCallStreamObserver<WatchDropsResponse> client) {
    this.tracing = tracing;
    this.request = request;
    this.wanted = new DropFilterTerms(request.getFilter());
    this.filter = filter;
    this.client = client;
    messages = new DropMessages(tracing.messages().names());
    ringLostTold = tracing.lostEvents();
  }

  @Override
  public void run() {
    try (Subscription<TraceItem> subscription =
        tracing.feed().subscribe(QUEUE, TraceItem.JourneyEnded.class, WatchDropsCall::isDrop)) {
      client.onNext(WatchDropsResponse.getDefaultInstance());
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
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a watch of drops died", e);
      client.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }

  private static boolean isDrop(TraceItem item) {
    return item instanceof TraceItem.JourneyEnded ended && ended.journey().isDropped();
  }

  /** What was queued before the end is still sent. */
  private static boolean isOver(Subscription<TraceItem> subscription) {
    return subscription.isClosed() && subscription.queued() == 0;
  }

  private void send(List<TraceItem> items, Subscription<TraceItem> subscription) {
    WatchDropsResponse.Builder response = WatchDropsResponse.newBuilder();
    items.forEach(item -> add(response, item));
    addLost(response, subscription);
    if (response.getDropsCount() > 0 || response.hasLost()) {
      client.onNext(response.build());
    }
  }

  private void add(WatchDropsResponse.Builder response, TraceItem item) {
    if (item instanceof TraceItem.JourneyEnded ended
        && (filter.isEmpty() || filter.get().matches(ended.journey()))) {
      Journey journey = ended.journey();
      Drop drop = messages.drop(journey);
      if (isWanted(drop, EventNames.reasonNumber(journey.last()).orElse(0))) {
        response.addDrops(drop);
      }
    }
  }

  private boolean isWanted(Drop drop, int reasonNumber) {
    return (request.getHarmless() || !drop.getHarmless())
        && wanted.matches(
            drop.getReason(),
            reasonNumber,
            drop.getInterface(),
            drop.getNetns(),
            drop.getNetnsInode(),
            drop.getPlace());
  }

  private void addLost(WatchDropsResponse.Builder response, Subscription<TraceItem> subscription) {
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
