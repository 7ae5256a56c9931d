package io.vethtrace.daemon.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeedPublisherTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final FeedPublisher<Integer> feed = new FeedPublisher<>();

  private void publish(int count) {
    IntStream.range(0, count).forEach(feed::publish);
  }

  private static <T> void assertAccounted(Subscription<T> subscription, long taken) {
    assertThat(taken + subscription.queued() + subscription.lost())
        .isEqualTo(subscription.published());
  }

  @Test
  void every_subscriber_gets_every_item_in_order_from_its_subscription_on() throws Exception {
    Subscription<Integer> early = feed.subscribe(10);
    publish(2);
    Subscription<Integer> late = feed.subscribe(10);
    publish(3);

    assertThat(early.take(100, AT_ONCE)).containsExactly(0, 1, 0, 1, 2);
    assertThat(late.take(2, AT_ONCE)).containsExactly(0, 1);
    assertThat(late.take(2, AT_ONCE)).containsExactly(2);
    assertThat(late.take(2, AT_ONCE)).isEmpty();
  }

  @Test
  void a_subscriber_that_is_full_counts_what_it_lost_and_takes_nothing_from_another()
      throws Exception {
    Subscription<Integer> slow = feed.subscribe(4);
    Subscription<Integer> quick = feed.subscribe(100);
    publish(50);

    assertThat(slow.lost()).isEqualTo(46);
    assertThat(slow.take(100, AT_ONCE)).containsExactly(0, 1, 2, 3);
    assertThat(quick.lost()).isZero();
    assertThat(quick.take(100, AT_ONCE)).hasSize(50);
    publish(1);
    assertThat(slow.take(100, AT_ONCE)).containsExactly(0);
    assertAccounted(slow, 5);
  }

  @Test
  void no_more_bytes_wait_for_a_subscriber_than_there_is_room_for() throws Exception {
    Subscription<Integer> narrow = feed.subscribe(100, Integer.class, 10, item -> item);
    List.of(4, 6, 1, 3).forEach(feed::publish);

    assertThat(narrow.lost()).isEqualTo(2);
    assertThat(narrow.take(1, AT_ONCE)).containsExactly(4);
    List.of(5, 4).forEach(feed::publish);
    assertThat(narrow.take(10, AT_ONCE)).containsExactly(6, 4);
    assertAccounted(narrow, 3);
  }

  @Test
  void who_wants_one_kind_gets_and_counts_that_alone() throws Exception {
    FeedPublisher<Number> numbers = new FeedPublisher<>();
    Subscription<Number> whole = numbers.subscribe(1, Integer.class);
    assertThat(numbers.isWanted(Double.class)).isFalse();
    Subscription<Number> all = numbers.subscribe(10);
    assertThat(numbers.isWanted(Double.class)).isTrue();
    numbers.publish(1.5);
    numbers.publish(2);
    numbers.publish(3);

    assertThat(whole.take(10, AT_ONCE)).containsExactly(2);
    assertThat(whole.published()).isEqualTo(2);
    assertAccounted(whole, 1);
    assertThat(all.take(10, AT_ONCE)).containsExactly(1.5, 2, 3);
    all.close();
    assertThat(numbers.isWanted(Double.class)).isFalse();
    assertThat(numbers.isWanted(Integer.class)).isTrue();
  }

  @Test
  void a_closed_subscription_gets_nothing_more_and_keeps_what_it_has() throws Exception {
    Subscription<Integer> subscription = feed.subscribe(10);
    publish(1);
    subscription.close();
    subscription.close();
    publish(5);
    subscription.offer(1);
    assertThat(subscription.published()).isEqualTo(1);

    assertThat(feed.clients()).isZero();
    assertThat(subscription.isClosed()).isTrue();
    assertThat(subscription.take(10, AT_ONCE)).containsExactly(0);
  }

  @Test
  void closing_the_feed_ends_every_subscription() {
    List<Subscription<Integer>> all = List.of(feed.subscribe(1), feed.subscribe(1));
    feed.close();

    assertThat(all).allMatch(Subscription::isClosed);
    assertThat(feed.clients()).isZero();
  }

  @Test
  void under_concurrency_everything_published_was_taken_is_queued_or_was_counted_as_lost()
      throws Exception {
    int publishers = 3;
    int each = 100_000;
    List<Subscription<Integer>> subscriptions = List.of(feed.subscribe(8), feed.subscribe(50_000));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Long>> taken = new ArrayList<>();
      for (Subscription<Integer> subscription : subscriptions) {
        taken.add(threads.submit(() -> takeUntil(over, subscription)));
      }
      List<Future<?>> published = new ArrayList<>();
      for (int i = 0; i < publishers; i++) {
        published.add(threads.submit(() -> publish(each)));
      }
      for (Future<?> done : published) {
        done.get();
      }
      over.set(true);
      for (int i = 0; i < subscriptions.size(); i++) {
        assertThat(subscriptions.get(i).published()).isEqualTo((long) publishers * each);
        assertAccounted(subscriptions.get(i), taken.get(i).get());
      }
    }
  }

  private static long takeUntil(AtomicBoolean over, Subscription<Integer> subscription)
      throws InterruptedException {
    long taken = 0;
    while (!over.get()) {
      taken += subscription.take(64, PATIENCE).size();
    }
    return taken;
  }
}
