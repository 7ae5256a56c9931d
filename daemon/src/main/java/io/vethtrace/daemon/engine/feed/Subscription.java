package io.vethtrace.daemon.engine.feed;

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
 * One reader's bounded queue for all items, or for those that are wanted. What did not fit is
 * counted: published = taken + queued + lost.
 */
public final class Subscription<T> implements AutoCloseable {
  private final ArrayBlockingQueue<T> queue;
  private final Class<?> kind;
  private final Predicate<? super T> wanted;
  private final Room<T> room;
  private final Consumer<Subscription<T>> onClose;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong queuedBytes = new AtomicLong();
  private volatile boolean closed;

  /** How many bytes may wait, by an estimate of what each item takes. */
  record Room<T>(long bytes, ToLongFunction<T> weigherBytes) {
    static <T> Room<T> unbounded() {
      return new Room<>(Long.MAX_VALUE, _ -> 0);
    }
  }

  Subscription(
      int capacity,
      Class<?> kind,
      Predicate<? super T> wanted,
      Room<T> room,
      Consumer<Subscription<T>> onClose) {
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.kind = kind;
    this.wanted = wanted;
    this.room = room;
    this.onClose = onClose;
  }

  boolean takes(Class<?> itemKind) {
    return kind.isAssignableFrom(itemKind);
  }

  /** The lock is held by publishers for no longer than this takes, and by who closes: a moment. */
  synchronized void offer(T item) {
    if (closed || !kind.isInstance(item) || !wanted.test(item)) {
      return;
    }
    published.incrementAndGet();
    if (!accept(item)) {
      lost.incrementAndGet();
    }
  }

  private boolean accept(T item) {
    long itemBytes = room.weigherBytes().applyAsLong(item);
    if (queuedBytes.addAndGet(itemBytes) <= room.bytes() && queue.offer(item)) {
      return true;
    }
    queuedBytes.addAndGet(-itemBytes);
    return false;
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
    queuedBytes.addAndGet(-batch.stream().mapToLong(room.weigherBytes()).sum());
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

  /** Once it is closed its counts stay as they are, but for what is still taken. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    onClose.accept(this);
  }
}
