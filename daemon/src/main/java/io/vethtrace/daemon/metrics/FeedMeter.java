package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.feed.FeedPublisher;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads the feed and counts, on a thread of its own, as one more reader that may lose items. */
final class FeedMeter implements AutoCloseable {
  private static final int QUEUE = 1 << 16;
  private static final int BATCH = 1024;
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final StreamCounters counters;
  private final Subscription<TraceItem> subscription;
  private final Thread thread = Thread.ofPlatform().name("metrics").unstarted(this::run);

  FeedMeter(FeedPublisher<TraceItem> feed, StreamCounters counters) {
    this.counters = counters;
    subscription = feed.subscribeDaemon(QUEUE, TraceItem.class);
  }

  void start() {
    thread.start();
  }

  /** Returns the counts of the items that were published to it. */
  PipelineStageCounts stage() {
    return subscription.counts("metrics");
  }

  private void run() {
    try {
      while (!subscription.isClosed()) {
        subscription.take(BATCH, PATIENCE).forEach(this::count);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(TraceItem item) {
    switch (item) {
      case TraceItem.JourneyEnded ended -> counters.add(ended.journey());
      case TraceItem.FaultFound found ->
          counters.add(found.finding(), found.id(), TimeUnit.NANOSECONDS.toMillis(found.unixNs()));
    }
  }

  @Override
  public void close() {
    subscription.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
