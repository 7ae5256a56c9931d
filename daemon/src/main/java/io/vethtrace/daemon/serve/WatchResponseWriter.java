package io.vethtrace.daemon.serve;

import static io.vethtrace.daemon.engine.EngineTimings.CLIENT_POLL;
import static io.vethtrace.daemon.engine.EngineTimings.REPORT_NS;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.LossMonitor;
import io.vethtrace.daemon.engine.feed.LossReport;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.v1.Counts;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.StageLoss;
import io.vethtrace.v1.WatchResponse;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes responses of the items for one client, no larger than gRPC's clients take them. It sends
 * none while the last one has not left: items wait in the client's queue meanwhile. For one thread.
 */
final class WatchResponseWriter {
  /** gRPC's clients take 4 MiB unless they are configured to take more. */
  private static final int MAX_BYTES = 1 << 20;

  private final ServerCallStreamObserver<WatchResponse> call;
  private final FeedItemMessages messages;
  private final WatchClient client;
  private final LossMonitor losses;
  private final Semaphore ready;
  private WatchResponse.Builder response = WatchResponse.newBuilder();
  private int items;
  private long bytes;
  private Counts countsSent = Counts.getDefaultInstance();
  private long countedNs = System.nanoTime();

  /** Creates a writer; {@code ready} is released when gRPC can take more. */
  WatchResponseWriter(
      ServerCallStreamObserver<WatchResponse> call,
      Semaphore ready,
      FeedItemMessages messages,
      WatchClient client,
      LossMonitor losses) {
    this.call = call;
    this.ready = ready;
    this.messages = messages;
    this.client = client;
    this.losses = losses;
  }

  /** Sends an empty response: from now on every miss is counted. */
  void begin() {
    call.onNext(WatchResponse.getDefaultInstance());
  }

  /** Waits until the client can take more; returns false if it has left. */
  boolean awaitReady() throws InterruptedException {
    while (!call.isReady() && !call.isCancelled()) {
      // A permit may be of an earlier moment: isReady decides.
      var _ = ready.tryAcquire(CLIENT_POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
    return !call.isCancelled();
  }

  void add(FeedItem item) throws InterruptedException {
    MessageLite message =
        switch (item) {
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

  /** Sends the items so far, with losses and counts where they are due. */
  void flush() throws InterruptedException {
    losses.due().ifPresent(report -> response.setLost(message(report)));
    boolean isNews = items > 0 || response.hasLost();
    if (isNews && System.nanoTime() - countedNs >= REPORT_NS) {
      addCounts();
    }
    send();
  }

  /** Sends the rest, with all losses and the last counts. */
  void end() throws InterruptedException {
    losses.rest().ifPresent(report -> response.setLost(message(report)));
    addCounts();
    send();
  }

  private static Lost message(LossReport report) {
    Lost.Builder lost = Lost.newBuilder().setRing(report.ringLost()).setClient(report.clientLost());
    for (LossReport.StageLoss stage : report.stages()) {
      lost.addStages(
          StageLoss.newBuilder()
              .setStage(stage.stage())
              .setCount(stage.count())
              .setFirstUnixNs(stage.firstUnixNs())
              .setLastUnixNs(stage.lastUnixNs()));
    }
    return lost.build();
  }

  /** Adds the counts, which include the items of this response. */
  private void addCounts() {
    Counts before = StatusMessages.counts(client.counts());
    Counts counts = before.toBuilder().setDelivered(before.getDelivered() + items).build();
    if (!counts.equals(countsSent)) {
      response.setCounts(counts);
      countsSent = counts;
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
