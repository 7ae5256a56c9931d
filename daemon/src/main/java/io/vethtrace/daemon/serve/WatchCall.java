package io.vethtrace.daemon.serve;

import static io.vethtrace.daemon.engine.EngineTimings.CLIENT_POLL;
import static io.vethtrace.daemon.engine.EngineTimings.LATE_ITEM_NS;

import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.engine.feed.ClientQueue;
import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.HistoryCursor;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.engine.feed.WatchQuery;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.v1.WatchResponse;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One client that watches. Runs on a virtual thread of its own until the client leaves. */
final class WatchCall implements Runnable {
  private static final int BATCH = 512;

  private final TraceStream stream;
  private final WatchClients clients;
  private final WatchClient client;
  private final WatchQuery query;
  private final ServerCallStreamObserver<WatchResponse> call;
  private final WatchResponseWriter writer;
  private long left;

  WatchCall(
      TraceStream stream,
      WatchClients clients,
      WatchClient client,
      WatchQuery query,
      ServerCallStreamObserver<WatchResponse> call,
      WatchResponseWriter writer) {
    this.stream = stream;
    this.clients = clients;
    this.client = client;
    this.query = query;
    this.call = call;
    this.writer = writer;
    left = query.first();
  }

  @Override
  public void run() {
    try (ClientQueue queue =
        query.wantsNew() ? ClientQueue.open(stream, query) : ClientQueue.closed()) {
      client.receivesFrom(queue);
      writer.begin();
      if (!(query.past() instanceof WatchQuery.Past.None)) {
        sendPast(queue);
      }
      sendNew(queue);
      end(queue);
    } catch (InterruptedException e) {
      client.abandon();
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      client.abandon();
      fail(e);
    } finally {
      clients.leave(client);
    }
  }

  /** A call that was cancelled may have met a daemon that ends: nobody waits for the error. */
  private void fail(RuntimeException e) {
    if (!call.isCancelled()) {
      CallErrors.fail(call, "a watch failed", e);
    }
  }

  /** The queue is open already: items that come meanwhile follow the history. */
  private void sendPast(ClientQueue queue) throws InterruptedException {
    HistoryCursor past = new HistoryCursor(stream, query);
    queue.skipUntil(past.lastJourney(), past.lastFinding());
    Deque<HistoryCursor.Position> positions = past.positions(client);
    while (!positions.isEmpty() && left > 0 && writer.awaitReady()) {
      for (int i = 0; i < BATCH && !positions.isEmpty(); i++) {
        send(positions.removeFirst());
      }
      writer.flush();
    }
    if (left == 0) {
      client.filtered(positions.size());
    }
  }

  /** An item that left the history before a slow client came to it is lost to the client. */
  private void send(HistoryCursor.Position position) throws InterruptedException {
    Optional<TraceItem> item = position.item();
    if (item.isPresent()) {
      send(item.get());
    } else {
      client.lost(1);
    }
  }

  private void send(FeedItem item) throws InterruptedException {
    if (left > 0 && query.matches(item)) {
      writer.add(item);
      left--;
    } else {
      client.filtered(1);
    }
  }

  private void sendNew(ClientQueue queue) throws InterruptedException {
    while (!isOver(queue) && writer.awaitReady()) {
      for (FeedItem item : queue.take(BATCH, CLIENT_POLL)) {
        send(item);
      }
      writer.flush();
      if (WallClock.nowUnixNs() - LATE_ITEM_NS > query.untilUnixNs()) {
        queue.close();
      }
    }
  }

  /** Items that were queued before the end are still sent. */
  private boolean isOver(ClientQueue queue) {
    return left == 0 || call.isCancelled() || (queue.isClosed() && queue.queued() == 0);
  }

  private void end(ClientQueue queue) throws InterruptedException {
    queue.close();
    if (call.isCancelled()) {
      client.abandon();
      return;
    }
    // The client does not want what follows its last item.
    for (List<FeedItem> rest = take(queue); !rest.isEmpty(); rest = take(queue)) {
      client.filtered(rest.size());
    }
    writer.end();
    call.onCompleted();
  }

  private static List<FeedItem> take(ClientQueue queue) throws InterruptedException {
    return queue.take(BATCH, Duration.ZERO);
  }
}
