package io.vethtrace.daemon.engine.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The new items that wait for one client: journeys and findings in one bounded queue, events in
 * another. Items that the client got from the history are taken out, and do not count as published.
 * One thread takes.
 */
public final class ClientQueue implements AutoCloseable {
  private static final int CAPACITY = 1 << 14;

  /** The limit for the memory of the items in each of the two queues. */
  private static final long MAX_BYTES = 12 << 20;

  private final List<Subscription<? extends FeedItem>> subscriptions;
  private final AtomicLong repeated = new AtomicLong();
  private volatile long skipJourneys;
  private volatile long skipFindings;

  private ClientQueue(List<Subscription<? extends FeedItem>> subscriptions) {
    this.subscriptions = List.copyOf(subscriptions);
  }

  /** Returns a queue that stays empty. */
  public static ClientQueue closed() {
    return new ClientQueue(List.of());
  }

  /** Opens a queue for items of the wanted kinds that are published from now on. */
  public static ClientQueue open(TraceStream stream, WatchQuery query) {
    List<Subscription<? extends FeedItem>> opened = new ArrayList<>();
    if (query.wantsTraceItems()) {
      opened.add(
          stream
              .feed()
              .subscribe(CAPACITY, query.traceItemType(), MAX_BYTES, ItemMemoryEstimate::ofBytes));
    }
    if (query.wants(ItemKind.EVENT)) {
      opened.add(
          stream
              .events()
              .subscribe(
                  CAPACITY,
                  FeedItem.EventSeen.class,
                  MAX_BYTES,
                  seen -> ItemMemoryEstimate.ofBytes(seen.event())));
    }
    return new ClientQueue(opened);
  }

  /** Leaves out the items up to these sequence numbers, which the client got from the history. */
  public void skipUntil(long journeys, long findings) {
    skipJourneys = journeys;
    skipFindings = findings;
  }

  /** Takes up to {@code max} items of each queue; waits up to {@code patience} for the first. */
  public List<FeedItem> take(int max, Duration patience) throws InterruptedException {
    List<FeedItem> taken = new ArrayList<>();
    Duration each = patience.dividedBy(Math.max(1, subscriptions.size()));
    for (Subscription<? extends FeedItem> subscription : subscriptions) {
      subscription.take(max, each).stream().filter(this::isNew).forEach(taken::add);
    }
    return taken;
  }

  private boolean isNew(FeedItem item) {
    boolean isNew =
        switch (item) {
          case TraceItem.JourneyEnded ended ->
              ended.sequence() == 0 || ended.sequence() > skipJourneys;
          case TraceItem.FaultFound found ->
              found.sequence() == 0 || found.sequence() > skipFindings;
          case FeedItem.EventSeen _ -> true;
        };
    if (!isNew) {
      repeated.incrementAndGet();
    }
    return isNew;
  }

  long published() {
    return sum(Subscription::published) - repeated.get();
  }

  long lost() {
    return sum(Subscription::lost);
  }

  /** Returns how many items wait. */
  public int queued() {
    return (int) sum(Subscription::queued);
  }

  private long sum(ToLongFunction<Subscription<? extends FeedItem>> count) {
    return subscriptions.stream().mapToLong(count).sum();
  }

  /** Returns true if nothing more will come; items that wait can still be taken. */
  public boolean isClosed() {
    return subscriptions.stream().allMatch(Subscription::isClosed);
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
