package io.vethtrace.daemon.engine.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * What waits for one client: journeys and findings in one bounded queue, events in another. What
 * the history has given it already is taken out, and does not count as published. One thread takes.
 */
public final class ClientQueue implements AutoCloseable {
  private static final int QUEUE = 1 << 14;

  /** Of the daemon's memory, for each of the two. */
  private static final long QUEUE_BYTES = 12 << 20;

  private final List<Subscription<? extends FeedItem>> subscriptions;
  private final AtomicLong repeated = new AtomicLong();
  private volatile long seenJourneys;
  private volatile long seenFindings;

  private ClientQueue(List<Subscription<? extends FeedItem>> subscriptions) {
    this.subscriptions = List.copyOf(subscriptions);
  }

  /** One in which nothing ever is. */
  public static ClientQueue closed() {
    return new ClientQueue(List.of());
  }

  /** Of what is told from now on and is of a kind that is wanted. */
  public static ClientQueue open(TraceStream stream, WatchQuery wish) {
    List<Subscription<? extends FeedItem>> opened = new ArrayList<>();
    if (wish.wantsItems()) {
      opened.add(
          stream.feed().subscribe(QUEUE, wish.itemKind(), QUEUE_BYTES, MemoryEstimate::ofBytes));
    }
    if (wish.wantsEvents()) {
      opened.add(
          stream
              .events()
              .subscribe(
                  QUEUE,
                  FeedItem.EventSeen.class,
                  QUEUE_BYTES,
                  seen -> MemoryEstimate.ofBytes(seen.event())));
    }
    return new ClientQueue(opened);
  }

  /** Of the history it has seen all up to these sequence numbers. */
  public void skip(long journeys, long findings) {
    seenJourneys = journeys;
    seenFindings = findings;
  }

  /** Up to {@code max} of each kind; waits up to {@code patience} for the first. */
  public List<FeedItem> take(int max, Duration patience) throws InterruptedException {
    List<FeedItem> taken = new ArrayList<>();
    Duration each = patience.dividedBy(Math.max(1, subscriptions.size()));
    for (Subscription<? extends FeedItem> subscription : subscriptions) {
      subscription.take(max, each).stream().filter(this::isNew).forEach(taken::add);
    }
    return taken;
  }

  private boolean isNew(FeedItem told) {
    boolean isNew =
        switch (told) {
          case TraceItem.JourneyEnded ended ->
              ended.sequence() == 0 || ended.sequence() > seenJourneys;
          case TraceItem.FaultFound found ->
              found.sequence() == 0 || found.sequence() > seenFindings;
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

  public int queued() {
    return (int) sum(Subscription::queued);
  }

  private long sum(ToLongFunction<Subscription<? extends FeedItem>> count) {
    return subscriptions.stream().mapToLong(count).sum();
  }

  /** Whether nothing more will come; what is there is still to be taken. */
  public boolean isClosed() {
    return subscriptions.stream().allMatch(Subscription::isClosed);
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
