package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.PipelineStageCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One reader's bounded queue of items. An item that does not fit is counted: published = taken +
 * queued + lost.
 */
public final class Subscription<T> implements AutoCloseable {
  private final Reader reader;
  private final ArrayBlockingQueue<T> queue;
  private final Class<?> type;
  private final Predicate<? super T> wanted;
  private final Capacity<T> capacity;
  private final Consumer<Subscription<T>> onClose;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong queuedBytes = new AtomicLong();
  private volatile boolean closed;

  /** The reader of a subscription: a client, or a part of the daemon. */
  enum Reader {
    CLIENT,
    DAEMON
  }

  /**
   * The limits of what may wait.
   *
   * @param sizeBytes an estimate of the memory that an item takes
   */
  record Capacity<T>(int items, long bytes, ToLongFunction<T> sizeBytes) {
    static <T> Capacity<T> ofItems(int items) {
      return new Capacity<>(items, Long.MAX_VALUE, _ -> 0);
    }
  }

  Subscription(
      Reader reader,
      Capacity<T> capacity,
      Class<?> type,
      Predicate<? super T> wanted,
      Consumer<Subscription<T>> onClose) {
    this.reader = reader;
    this.capacity = capacity;
    this.type = type;
    this.wanted = wanted;
    this.onClose = onClose;
    queue = new ArrayBlockingQueue<>(capacity.items());
  }

  boolean isClient() {
    return reader == Reader.CLIENT;
  }

  boolean takes(Class<?> itemType) {
    return type.isAssignableFrom(itemType);
  }

  /** Adds an item, or counts it as lost. Publishers hold the lock for no longer than this takes. */
  synchronized void offer(T item) {
    if (closed || !type.isInstance(item) || !wanted.test(item)) {
      return;
    }
    published.incrementAndGet();
    if (!accept(item)) {
      lost.incrementAndGet();
    }
  }

  private boolean accept(T item) {
    long itemBytes = capacity.sizeBytes().applyAsLong(item);
    if (queuedBytes.addAndGet(itemBytes) <= capacity.bytes() && queue.offer(item)) {
      return true;
    }
    queuedBytes.addAndGet(-itemBytes);
    return false;
  }

  /** Takes up to {@code max} items; waits up to {@code patience} for the first. */
  public List<T> take(int max, Duration patience) throws InterruptedException {
    @Nullable T first = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null) {
      return List.of();
    }
    List<T> batch = new ArrayList<>(Math.min(max, queue.size() + 1));
    batch.add(first);
    queue.drainTo(batch, max - 1);
    queuedBytes.addAndGet(-batch.stream().mapToLong(capacity.sizeBytes()).sum());
    return batch;
  }

  /** Returns how many items were published to this reader so far. */
  public long published() {
    return published.get();
  }

  /** Returns how many items this reader missed so far because its queue was full. */
  public long lost() {
    return lost.get();
  }

  /** Returns how many items wait to be taken. */
  public int queued() {
    return queue.size();
  }

  /** Returns the counts of this reader as those of a stage with that name. */
  public PipelineStageCounts counts(String stage) {
    long lostNow = lost();
    long publishedNow = published();
    return new PipelineStageCounts(stage, publishedNow, publishedNow - lostNow, 0, lostNow);
  }

  /** Returns true if nothing more will come. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends the subscription: its counts stay as they are, but for items that are still taken. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    onClose.accept(this);
  }
}
