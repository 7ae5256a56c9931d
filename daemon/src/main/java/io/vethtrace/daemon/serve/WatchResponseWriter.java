package io.vethtrace.daemon.serve;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.LossReport;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.v1.Counts;
import io.vethtrace.v1.WatchResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes responses of what a client is to be told, no larger than gRPC's clients take them, and none
 * while the last one has not left: what waits then waits in the client's inbox. For one thread.
 */
final class WatchResponseWriter {
  /** gRPC's clients take 4 MiB unless they are told to take more. */
  private static final int MAX_BYTES = 1 << 20;

  private static final long COUNT_AGAIN_NS = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE_MS = 100;

  private final ServerCallStreamObserver<WatchResponse> call;
  private final FeedItemMessages messages;
  private final WatchClient client;
  private final LossReport losses;
  private final Semaphore ready;
  private WatchResponse.Builder response = WatchResponse.newBuilder();
  private int items;
  private long bytes;
  private Counts countsTold = Counts.getDefaultInstance();
  private long countedNs = System.nanoTime();

  /** {@code ready} is released when gRPC takes more. */
  WatchResponseWriter(
      ServerCallStreamObserver<WatchResponse> call,
      Semaphore ready,
      FeedItemMessages messages,
      WatchClient client,
      LossReport losses) {
    this.call = call;
    this.ready = ready;
    this.messages = messages;
    this.client = client;
    this.losses = losses;
  }

  /** Says that nothing is missed uncounted from now on. */
  void begin() {
    call.onNext(WatchResponse.getDefaultInstance());
  }

  /** Whether the client is still there; returns when it takes more, or is not. */
  boolean awaitReady() throws InterruptedException {
    while (!call.isReady() && !call.isCancelled()) {
      // Whatever was released for an earlier moment: isReady is asked anew.
      var _ = ready.tryAcquire(PATIENCE_MS, TimeUnit.MILLISECONDS);
    }
    return !call.isCancelled();
  }

  void add(FeedItem told) throws InterruptedException {
    MessageLite message =
        switch (told) {
          case TraceItem.JourneyEnded ended -> {
            var journey = messages.journey(ended);
            response.addJourneys(journey);
            yield journey;
          }
          case TraceItem.FaultFound found -> {
            var finding = messages.finding(found);
            response.addFindings(finding);
            yield finding;
          }
          case FeedItem.EventSeen seen -> {
            var event = messages.event(seen);
            response.addEvents(event);
            yield event;
          }
        };
    items++;
    bytes += message.getSerializedSize();
    if (bytes >= MAX_BYTES) {
      flush();
    }
  }

  /** Sends what there is, and what is to be said of losses. */
  void flush() throws InterruptedException {
    losses.due().ifPresent(response::setLost);
    boolean isNews = items > 0 || response.hasLost();
    if (isNews && System.nanoTime() - countedNs >= COUNT_AGAIN_NS) {
      addCounts();
    }
    send();
  }

  /** Sends the rest, with all that is left to be said of losses and counts. */
  void end() throws InterruptedException {
    losses.rest().ifPresent(response::setLost);
    addCounts();
    send();
  }

  /** With what is in this message. */
  private void addCounts() {
    Counts before = StatusMessages.counts(client.counts());
    Counts counts = before.toBuilder().setDelivered(before.getDelivered() + items).build();
    if (!counts.equals(countsTold)) {
      response.setCounts(counts);
      countsTold = counts;
    }
    countedNs = System.nanoTime();
  }

  private void send() throws InterruptedException {
    WatchResponse built = response.build();
    if (!built.equals(WatchResponse.getDefaultInstance()) && awaitReady()) {
      call.onNext(built);
      client.delivered(items);
    }
    response = WatchResponse.newBuilder();
    items = 0;
    bytes = 0;
  }
}
