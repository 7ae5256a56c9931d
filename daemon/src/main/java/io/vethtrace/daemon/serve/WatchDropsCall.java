package io.vethtrace.daemon.serve;

import static io.vethtrace.daemon.engine.EngineTimings.CLIENT_POLL;

import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.feed.FeedPublisher;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchCallInputs;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.Drop;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.WatchDropsRequest;
import io.vethtrace.v1.WatchDropsResponse;
import java.util.List;
import java.util.Optional;

/** One client that watches drops. Runs on a virtual thread of its own until the client leaves. */
final class WatchDropsCall implements Runnable {
  private static final int QUEUE = 1 << 14;
  private static final int BATCH = 512;

  private final FeedPublisher<TraceItem> feed;
  private final LossCounters losses;
  private final WatchDropsRequest request;
  private final DropFilterTerms wanted;
  private final Optional<JourneyFilter> filter;
  private final ServerCallStreamObserver<WatchDropsResponse> client;
  private final DropMessages messages;
  private long ringLostSent;
  private long clientLostSent;

  /** Creates a call; {@code filter} is empty if there is none or the kernel has applied it. */
  WatchDropsCall(
      WatchCallInputs sources,
      DisplayNames names,
      WatchDropsRequest request,
      Optional<JourneyFilter> filter,
      ServerCallStreamObserver<WatchDropsResponse> client) {
    feed = sources.stream().feed();
    losses = sources.losses();
    this.request = request;
    this.wanted = new DropFilterTerms(request.getFilter());
    this.filter = filter;
    this.client = client;
    messages = new DropMessages(names);
    ringLostSent = losses.lostEvents();
  }

  @Override
  public void run() {
    try (Subscription<TraceItem> subscription =
        feed.subscribe(QUEUE, TraceItem.JourneyEnded.class, WatchDropsCall::isDrop)) {
      client.onNext(WatchDropsResponse.getDefaultInstance());
      while (!client.isCancelled() && !isOver(subscription)) {
        if (client.isReady()) {
          send(subscription.take(BATCH, CLIENT_POLL), subscription);
        } else {
          Thread.sleep(CLIENT_POLL);
        }
      }
      if (!client.isCancelled()) {
        client.onCompleted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      CallErrors.fail(client, "a watch of drops failed", e);
    }
  }

  private static boolean isDrop(TraceItem item) {
    return item instanceof TraceItem.JourneyEnded ended && ended.journey().isDropped();
  }

  /** Items that were queued before the end are still sent. */
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
    long ring = losses.lostEvents();
    long own = subscription.lost();
    if (ring != ringLostSent || own != clientLostSent) {
      response.setLost(
          Lost.newBuilder().setRing(ring - ringLostSent).setClient(own - clientLostSent));
      ringLostSent = ring;
      clientLostSent = own;
    }
  }
}
