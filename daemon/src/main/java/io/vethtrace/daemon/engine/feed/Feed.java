package io.vethtrace.daemon.engine.feed;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Hands every item to every subscriber and waits for none: a subscriber that is full misses the
 * item, and its own {@link Subscription#lost} counts it.
 */
public final class Feed<T> {
  private final List<Subscription<T>> subscribers = new CopyOnWriteArrayList<>();

  /** Delivers {@code item} to each subscriber that has room. On any thread. */
  public void publish(T item) {
    for (Subscription<T> subscriber : subscribers) {
      subscriber.offer(item);
    }
  }

  /** A new subscriber, which gets what is published from now on until it is closed. */
  public Subscription<T> subscribe(int capacity) {
    return subscribe(capacity, Object.class, Subscription.Room.unbounded());
  }

  /** A new subscriber to items of one kind alone. */
  public Subscription<T> subscribe(int capacity, Class<? extends T> kind) {
    return subscribe(capacity, kind, Subscription.Room.unbounded());
  }

  /** A new subscriber to those of one kind that are wanted; asked on the publisher's thread. */
  public Subscription<T> subscribe(
      int capacity, Class<? extends T> kind, Predicate<? super T> wanted) {
    return add(
        new Subscription<>(
            capacity, kind, wanted, Subscription.Room.unbounded(), subscribers::remove));
  }

  /**
   * A new subscriber, for whom neither more items wait than {@code capacity} nor more of their
   * bytes than {@code maxBytes}.
   *
   * @param kind of its items: of others none is published to it
   */
  public Subscription<T> subscribe(
      int capacity, Class<?> kind, long maxBytes, ToLongFunction<T> weigherBytes) {
    return subscribe(capacity, kind, new Subscription.Room<>(maxBytes, weigherBytes));
  }

  private Subscription<T> subscribe(int capacity, Class<?> kind, Subscription.Room<T> room) {
    return add(new Subscription<>(capacity, kind, _ -> true, room, subscribers::remove));
  }

  private Subscription<T> add(Subscription<T> subscription) {
    subscribers.add(subscription);
    return subscription;
  }

  /** Whether anybody takes items of this kind: what nobody takes need not be made. */
  public boolean isWanted(Class<? extends T> kind) {
    return subscribers.stream().anyMatch(subscriber -> subscriber.takes(kind));
  }

  /** How many subscribers there are. */
  public int subscribers() {
    return subscribers.size();
  }

  /** Ends every subscription; readers see the end after what they already have. */
  public void close() {
    subscribers.forEach(Subscription::close);
  }
}
