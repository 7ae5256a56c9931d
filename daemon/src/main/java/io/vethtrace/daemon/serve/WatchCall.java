package io.vethtrace.daemon.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.capture.WallClock;
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
  private final ToldMessages messages;
  private final WatchWish wish;
  private final WatchClient client;
  private final ServerCallStreamObserver<WatchResponse> call;
  private final Outbox outbox;
  private long left;

  /** {@code ready} is released when gRPC takes more. */
  WatchCall(
      Tracing tracing,
      ToldMessages messages,
      WatchWish wish,
      WatchClient client,
      ServerCallStreamObserver<WatchResponse> call,
      Semaphore ready) {
    this.tracing = tracing;
    this.messages = messages;
    this.wish = wish;
    this.client = client;
    this.call = call;
    outbox = new Outbox(call, ready, messages, client, new Losses(tracing, client));
    left = wish.first();
  }

  @Override
  public void run() {
    try (Inbox inbox = wish.request().getHistoryOnly() ? Inbox.closed() : open()) {
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
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a watch died", e);
      client.abandon();
      call.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    } finally {
      tracing.stream().clients().leave(client);
    }
  }

  private Inbox open() {
    return Inbox.open(tracing.stream(), wish);
  }

  /** The inbox is open already: what comes while the history is told is told after it. */
  private void tellPast(Inbox inbox) throws InterruptedException {
    Past past = new Past(tracing.stream(), wish, messages);
    inbox.skip(past.lastJourney(), past.lastFinding());
    Deque<Past.Place> places = past.places(client);
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
  private void tell(Past.Place place) throws InterruptedException {
    Optional<TraceItem> item = place.item();
    if (item.isPresent()) {
      tell(item.get());
    } else {
      client.lost(1);
    }
  }

  private void tell(Told told) throws InterruptedException {
    if (left > 0 && wish.matches(told, messages)) {
      outbox.add(told);
      left--;
    } else {
      client.filtered(1);
    }
  }

  private void tellLive(Inbox inbox) throws InterruptedException {
    while (!isOver(inbox) && outbox.awaitReady()) {
      for (Told told : inbox.take(BATCH, PATIENCE)) {
        tell(told);
      }
      outbox.flush();
      if (WallClock.nowUnixNs() - LATE_NS > wish.untilUnixNs()) {
        inbox.close();
      }
    }
  }

  /** What was queued before the end is still sent. */
  private boolean isOver(Inbox inbox) {
    return left == 0 || call.isCancelled() || (inbox.isClosed() && inbox.queued() == 0);
  }

  private void end(Inbox inbox) throws InterruptedException {
    inbox.close();
    if (call.isCancelled()) {
      client.abandon();
      return;
    }
    // What came behind the client's last item is not for it.
    for (List<Told> rest = take(inbox); !rest.isEmpty(); rest = take(inbox)) {
      client.filtered(rest.size());
    }
    outbox.end();
    call.onCompleted();
  }

  private static List<Told> take(Inbox inbox) throws InterruptedException {
    return inbox.take(BATCH, Duration.ZERO);
  }
}
