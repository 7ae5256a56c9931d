package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.ClientQueue;
import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.HistoryCursor;
import io.vethtrace.daemon.engine.feed.LossReport;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.daemon.engine.feed.WatchQuery;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.v1.WatchResponse;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** One client that watches. Runs on a virtual thread of its own until the client leaves. */
final class WatchCall implements Runnable {
  private static final int BATCH = 512;
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** How long after it was given its time an item may come to the inbox. */
  private static final long LATE_NS = Duration.ofMillis(100).toNanos();

  private final Tracing tracing;
  private final FeedItemMessages messages;
  private final WatchQuery wish;
  private final WatchClient client;
  private final ServerCallStreamObserver<WatchResponse> call;
  private final WatchResponseWriter outbox;
  private long left;

  /** {@code ready} is released when gRPC takes more. */
  WatchCall(
      Tracing tracing,
      FeedItemMessages messages,
      WatchQuery wish,
      WatchClient client,
      ServerCallStreamObserver<WatchResponse> call,
      Semaphore ready) {
    this.tracing = tracing;
    this.messages = messages;
    this.wish = wish;
    this.client = client;
    this.call = call;
    outbox =
        new WatchResponseWriter(call, ready, messages, client, new LossReport(tracing, client));
    left = wish.first();
  }

  @Override
  public void run() {
    try (ClientQueue inbox = wish.request().getHistoryOnly() ? ClientQueue.closed() : open()) {
      client.receivesIn(inbox);
      outbox.begin();
      if (wish.wantsPast()) {
        tellPast(inbox);
      }
      tellLive(inbox);
      end(inbox);
    } catch (InterruptedException e) {
      client.abandon();
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      client.abandon();
      fail(e);
    } finally {
      tracing.stream().clients().leave(client);
    }
  }

  /** A call that was cancelled may have met a daemon that ends: nobody is to be told. */
  private void fail(RuntimeException e) {
    if (!call.isCancelled()) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a watch died", e);
      call.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }

  private ClientQueue open() {
    return ClientQueue.open(tracing.stream(), wish);
  }

  /** The inbox is open already: what comes while the history is told is told after it. */
  private void tellPast(ClientQueue inbox) throws InterruptedException {
    HistoryCursor past = new HistoryCursor(tracing.stream(), wish, messages);
    inbox.skip(past.lastJourney(), past.lastFinding());
    Deque<HistoryCursor.Place> places = past.places(client);
    while (!places.isEmpty() && left > 0 && outbox.awaitReady()) {
      for (int i = 0; i < BATCH && !places.isEmpty(); i++) {
        tell(places.removeFirst());
      }
      outbox.flush();
    }
    if (left == 0) {
      client.filtered(places.size());
    }
  }

  /** What went from the history before a slow client came to it is lost to that. */
  private void tell(HistoryCursor.Place place) throws InterruptedException {
    Optional<TraceItem> item = place.item();
    if (item.isPresent()) {
      tell(item.get());
    } else {
      client.lost(1);
    }
  }

  private void tell(FeedItem told) throws InterruptedException {
    if (left > 0 && wish.matches(told, messages)) {
      outbox.add(told);
      left--;
    } else {
      client.filtered(1);
    }
  }

  private void tellLive(ClientQueue inbox) throws InterruptedException {
    while (!isOver(inbox) && outbox.awaitReady()) {
      for (FeedItem told : inbox.take(BATCH, PATIENCE)) {
        tell(told);
      }
      outbox.flush();
      if (WallClock.nowUnixNs() - LATE_NS > wish.untilUnixNs()) {
        inbox.close();
      }
    }
  }

  /** What was queued before the end is still sent. */
  private boolean isOver(ClientQueue inbox) {
    return left == 0 || call.isCancelled() || (inbox.isClosed() && inbox.queued() == 0);
  }

  private void end(ClientQueue inbox) throws InterruptedException {
    inbox.close();
    if (call.isCancelled()) {
      client.abandon();
      return;
    }
    // What came behind the client's last item is not for it.
    for (List<FeedItem> rest = take(inbox); !rest.isEmpty(); rest = take(inbox)) {
      client.filtered(rest.size());
    }
    outbox.end();
    call.onCompleted();
  }

  private static List<FeedItem> take(ClientQueue inbox) throws InterruptedException {
    return inbox.take(BATCH, Duration.ZERO);
  }
}
