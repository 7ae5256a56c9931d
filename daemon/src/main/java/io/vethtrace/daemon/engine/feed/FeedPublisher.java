package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.feed.Subscription.Capacity;
import io.vethtrace.daemon.engine.feed.Subscription.Reader;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Hands every item to every subscriber and waits for none: a subscriber that is full misses the
 * item, and its own {@link Subscription#lost} counts it.
 */
public final class FeedPublisher<T> {
  private final List<Subscription<T>> subscribers = new CopyOnWriteArrayList<>();

  /** Delivers {@code item} to each subscriber that has room. On any thread. */
  public void publish(T item) {
    for (Subscription<T> subscriber : subscribers) {
      subscriber.offer(item);
    }
  }

  /** Subscribes a client to what is published from now on until the subscription is closed. */
  public Subscription<T> subscribe(int capacity) {
    return subscribe(capacity, Object.class);
  }

  /** Subscribes a client to items of one type alone. */
  public Subscription<T> subscribe(int capacity, Class<?> type) {
    return subscribe(Reader.CLIENT, Capacity.ofItems(capacity), type, _ -> true);
  }

  /**
   * Subscribes a client to those items of one type that it wants. The publisher's thread asks
   * {@code wanted}.
   */
  public Subscription<T> subscribe(
      int capacity, Class<? extends T> type, Predicate<? super T> wanted) {
    return subscribe(Reader.CLIENT, Capacity.ofItems(capacity), type, wanted);
  }

  /**
   * Subscribes a client to items of one type, of which neither more than {@code capacity} wait nor
   * more than {@code maxBytes} of memory.
   */
  public Subscription<T> subscribe(
      int capacity, Class<?> type, long maxBytes, ToLongFunction<T> sizeBytes) {
    return subscribe(Reader.CLIENT, new Capacity<>(capacity, maxBytes, sizeBytes), type, _ -> true);
  }

  /** Subscribes a part of the daemon itself, which does not count as a client. */
  public Subscription<T> subscribeDaemon(int capacity, Class<?> type) {
    return subscribe(Reader.DAEMON, Capacity.ofItems(capacity), type, _ -> true);
  }

  private Subscription<T> subscribe(
      Reader reader, Capacity<T> capacity, Class<?> type, Predicate<? super T> wanted) {
    Subscription<T> subscription =
        new Subscription<>(reader, capacity, type, wanted, subscribers::remove);
    subscribers.add(subscription);
    return subscription;
  }

  /** Returns true if anybody takes items of this type: what nobody takes need not be made. */
  public boolean isWanted(Class<? extends T> type) {
    return subscribers.stream().anyMatch(subscriber -> subscriber.takes(type));
  }

  /** Returns how many clients read the feed. */
  public int clients() {
    return (int) subscribers.stream().filter(Subscription::isClient).count();
  }

  /** Ends every subscription; readers see the end after what they already have. */
  public void close() {
    subscribers.forEach(Subscription::close);
  }
}
