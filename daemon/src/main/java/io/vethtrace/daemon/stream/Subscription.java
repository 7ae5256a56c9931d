package io.vethtrace.daemon.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One reader's bounded queue for all items, or for those that are wanted. What did not fit is
 * counted: published = taken + queued + lost.
 */
public final class Subscription<T> implements AutoCloseable {
  private final ArrayBlockingQueue<T> queue;
  private final Class<?> kind;
  private final Predicate<? super T> wanted;
  private final Consumer<Subscription<T>> onClose;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean closed;

  Subscription(
      int capacity, Class<?> kind, Predicate<? super T> wanted, Consumer<Subscription<T>> onClose) {
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.kind = kind;
    this.wanted = wanted;
    this.onClose = onClose;
  }

  boolean takes(Class<?> itemKind) {
    return kind.isAssignableFrom(itemKind);
  }

  void offer(T item) {
    if (!kind.isInstance(item) || !wanted.test(item)) {
      return;
    }
    published.incrementAndGet();
    if (!queue.offer(item)) {
      lost.incrementAndGet();
    }
  }

  /** Up to {@code max} items; waits up to {@code patience} for the first. Empty when none came. */
  public List<T> take(int max, Duration patience) throws InterruptedException {
    @Nullable T first = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null) {
      return List.of();
    }
    List<T> batch = new ArrayList<>(Math.min(max, queue.size() + 1));
    batch.add(first);
    queue.drainTo(batch, max - 1);
    return batch;
  }

  /** How many items were published to this subscriber so far. */
  public long published() {
    return published.get();
  }

  /** How many items this subscriber missed so far because its queue was full. */
  public long lost() {
    return lost.get();
  }

  /** How many items wait to be taken. */
  public int queued() {
    return queue.size();
  }

  /** Whether nothing more will come. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    onClose.accept(this);
  }
}
