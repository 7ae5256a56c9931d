package io.vethtrace.daemon.engine.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The latest items, as many as its bounds allow. One thread writes and never waits: a reader copies
 * what is there from the newest back, and where the writer has overtaken it, that is where history
 * begins.
 *
 * <p>The slot of sequence number n is n modulo the greatest count. Items go in order, so that a
 * reader which misses one misses all before it.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
public final class History<T> {
  private final HistoryBounds bounds;
  private final ToLongFunction<T> weigherBytes;
  private final AtomicReferenceArray<@Nullable Entry<T>> slots;
  // Written by the writer alone, and `next` after the slot that it speaks of.
  private long oldest = 1;
  private volatile long next = 1;
  private long bytes;

  /**
   * One item that is kept.
   *
   * @param sequence counted from 1
   * @param unixNs when it was told, by CLOCK_REALTIME
   */
  public record Entry<T>(long sequence, long unixNs, long bytes, T item) {}

  /**
   * How full it is.
   *
   * @param evicted how many have gone so far
   */
  public record Fill(long items, long bytes, OptionalLong oldestUnixNs, long evicted) {}

  /** {@code weigherBytes} estimates what an item takes of the memory. */
  public History(HistoryBounds bounds, ToLongFunction<T> weigherBytes) {
    this.bounds = bounds;
    this.weigherBytes = weigherBytes;
    slots = new AtomicReferenceArray<>(bounds.items());
  }

  public HistoryBounds bounds() {
    return bounds;
  }

  /**
   * Makes an item of its sequence number, and keeps it as far as the bounds allow. For the one
   * writer.
   */
  public T add(long unixNs, LongFunction<T> making) {
    T item = making.apply(next);
    long itemBytes = weigherBytes.applyAsLong(item);
    if (bounds.items() > 0 && itemBytes <= bounds.bytes()) {
      keep(new Entry<>(next, unixNs, itemBytes, item));
    } else {
      forget();
    }
    return item;
  }

  private void keep(Entry<T> entry) {
    while (oldest < next && !fits(entry)) {
      evictOldest();
    }
    bytes += entry.bytes();
    slots.set(slot(next), entry);
    next++;
  }

  /** An item that is too large for any history: what is before it would have a gap behind it. */
  private void forget() {
    while (oldest < next) {
      evictOldest();
    }
    next++;
    oldest = next;
  }

  private boolean fits(Entry<T> entry) {
    return next - oldest < bounds.items()
        && bytes + entry.bytes() <= bounds.bytes()
        && !isTooOld(oldestEntry(), entry.unixNs());
  }

  private boolean isTooOld(Entry<T> entry, long nowUnixNs) {
    return nowUnixNs - entry.unixNs() > bounds.age().toNanos();
  }

  private Entry<T> oldestEntry() {
    Entry<T> entry = slots.get(slot(oldest));
    if (entry == null) {
      throw new IllegalStateException("oldest=%d next=%d".formatted(oldest, next));
    }
    return entry;
  }

  private void evictOldest() {
    bytes -= oldestEntry().bytes();
    slots.set(slot(oldest), null);
    oldest++;
  }

  private int slot(long sequence) {
    return (int) (sequence % slots.length());
  }

  /**
   * What is there now and not too old, the oldest first and none missing between. On any thread; it
   * never keeps the writer waiting.
   */
  public List<Entry<T>> read(long nowUnixNs) {
    Deque<Entry<T>> read = new ArrayDeque<>();
    for (long sequence = next - 1; sequence > 0; sequence--) {
      Entry<T> entry = at(sequence);
      if (entry == null || isTooOld(entry, nowUnixNs)) {
        break;
      }
      read.addFirst(entry);
    }
    return List.copyOf(read);
  }

  /** The item with this number; empty where it has gone, however old it is. On any thread. */
  public Optional<Entry<T>> entry(long sequence) {
    return Optional.ofNullable(at(sequence));
  }

  /** Null where it has gone, even while it was looked for. */
  private @Nullable Entry<T> at(long sequence) {
    if (slots.length() == 0) {
      return null;
    }
    Entry<T> entry = slots.get(slot(sequence));
    return entry != null && entry.sequence() == sequence ? entry : null;
  }

  /** How many were written so far: the sequence number of the latest. */
  public long written() {
    return next - 1;
  }

  /** How full it is, as far as it is not too old. On any thread. */
  public Fill fill(long nowUnixNs) {
    List<Entry<T>> kept = read(nowUnixNs);
    OptionalLong since =
        kept.isEmpty() ? OptionalLong.empty() : OptionalLong.of(kept.getFirst().unixNs());
    long keptBytes = kept.stream().mapToLong(Entry::bytes).sum();
    return new Fill(kept.size(), keptBytes, since, written() - kept.size());
  }
}
