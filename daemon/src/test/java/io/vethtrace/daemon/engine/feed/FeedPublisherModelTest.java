package io.vethtrace.daemon.engine.feed;

import static io.vethtrace.daemon.fixture.ConcurrentTest.check;
import static io.vethtrace.daemon.fixture.ConcurrentTest.require;
import static io.vethtrace.daemon.fixture.ConcurrentTest.together;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The loss identity: published = taken + queued + lost, however the threads take turns. */
class FeedPublisherModelTest {
  @Test
  void a_full_queue_counts_what_it_has_no_room_for() {
    check(() -> {
      FeedPublisher<Integer> feed = new FeedPublisher<>();
      Subscription<Integer> reader = feed.subscribe(1);
      AtomicInteger taken = new AtomicInteger();
      together(() -> publish(feed, 2), () -> publish(feed, 2), () -> take(reader, taken));
      require(reader.published() == 4, "published=" + reader.published());
      requireIdentity(reader, taken.get());
    });
  }

  @Test
  void so_does_one_whose_bytes_are_full() {
    check(() -> {
      FeedPublisher<Integer> feed = new FeedPublisher<>();
      Subscription<Integer> reader = feed.subscribe(4, Integer.class, 2, _ -> 1);
      AtomicInteger taken = new AtomicInteger();
      together(() -> publish(feed, 2), () -> publish(feed, 2), () -> take(reader, taken));
      requireIdentity(reader, taken.get());
      take(reader, taken);
      publish(feed, 2);
      require(reader.queued() == 2, "no byte is held of what was taken: " + reader.queued());
    });
  }

  @Test
  void nothing_is_counted_once_it_is_closed() {
    check(() -> {
      FeedPublisher<Integer> feed = new FeedPublisher<>();
      Subscription<Integer> reader = feed.subscribe(1);
      AtomicInteger taken = new AtomicInteger();
      long[] publishedAtClose = new long[1];
      together(
          () -> publish(feed, 2),
          () -> take(reader, taken),
          () -> {
            reader.close();
            publishedAtClose[0] = reader.published();
          });
      require(reader.published() == publishedAtClose[0], "published=" + reader.published());
      requireIdentity(reader, taken.get());
    });
  }

  private static void publish(FeedPublisher<Integer> feed, int count) {
    for (int i = 0; i < count; i++) {
      feed.publish(i);
    }
  }

  private static void take(Subscription<Integer> reader, AtomicInteger taken)
      throws InterruptedException {
    taken.addAndGet(reader.take(4, Duration.ZERO).size());
  }

  private static void requireIdentity(Subscription<Integer> reader, int taken) {
    require(
        reader.published() == taken + reader.queued() + reader.lost(),
        "published=%d taken=%d queued=%d lost=%d"
            .formatted(reader.published(), taken, reader.queued(), reader.lost()));
  }
}
