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
 * The latest items, as many as its bounds allow. One thread writes and never waits. A reader copies
 * from the newest item back; where the writer has overtaken it, the history begins for it.
 *
 * <p>The slot of sequence number n is n modulo the greatest count. Items leave in order, so that a
 * reader that misses one misses all before it.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
public final class History<T> {
  private final HistoryBounds bounds;
  private final ToLongFunction<T> sizeBytes;
  private final AtomicReferenceArray<@Nullable Entry<T>> slots;
  // Only the writer writes these, and `next` after the slot that it refers to.
  private long oldest = 1;
  private volatile long next = 1;
  private long bytes;

  /**
   * One item that is kept.
   *
   * @param sequence counted from 1
   * @param unixNs the time at which it was published, by CLOCK_REALTIME
   */
  public record Entry<T>(long sequence, long unixNs, long bytes, T item) {}

  /**
   * The fill level.
   *
   * @param evicted the number of items that have left so far
   */
  public record Fill(long items, long bytes, OptionalLong oldestUnixNs, long evicted) {}

  /** Creates an empty history; {@code sizeBytes} estimates the memory that an item takes. */
  public History(HistoryBounds bounds, ToLongFunction<T> sizeBytes) {
    this.bounds = bounds;
    this.sizeBytes = sizeBytes;
    slots = new AtomicReferenceArray<>(bounds.items());
  }

  public HistoryBounds bounds() {
    return bounds;
  }

  /**
   * Makes an item from its sequence number, and keeps it if the bounds allow. For the one writer.
   */
  public T add(long unixNs, LongFunction<T> maker) {
    T item = maker.apply(next);
    long itemBytes = sizeBytes.applyAsLong(item);
    if (bounds.items() > 0 && itemBytes <= bounds.bytes()) {
      keep(new Entry<>(next, unixNs, itemBytes, item));
    } else {
      clear();
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

  /**
   * Empties the history for an item that is too large for it: items before it would precede a gap.
   */
  private void clear() {
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
   * Returns what is there now and not too old, the oldest first and none missing between. On any
   * thread; the writer never waits for it.
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

  /** Returns the item with this number, however old; empty if it has left. On any thread. */
  public Optional<Entry<T>> entry(long sequence) {
    return Optional.ofNullable(at(sequence));
  }

  /** Returns null if it has left, even while it was read. */
  private @Nullable Entry<T> at(long sequence) {
    if (slots.length() == 0) {
      return null;
    }
    Entry<T> entry = slots.get(slot(sequence));
    return entry != null && entry.sequence() == sequence ? entry : null;
  }

  /** Returns how many items were written so far: the sequence number of the latest. */
  public long written() {
    return next - 1;
  }

  /** Returns the fill level, without items that are too old. On any thread. */
  public Fill fill(long nowUnixNs) {
    List<Entry<T>> kept = read(nowUnixNs);
    OptionalLong oldestUnixNs =
        kept.isEmpty() ? OptionalLong.empty() : OptionalLong.of(kept.getFirst().unixNs());
    long keptBytes = kept.stream().mapToLong(Entry::bytes).sum();
    return new Fill(kept.size(), keptBytes, oldestUnixNs, written() - kept.size());
  }
}
