package io.vethtrace.daemon.engine.feed;

import static io.vethtrace.daemon.fixture.ConcurrentTest.check;
import static io.vethtrace.daemon.fixture.ConcurrentTest.require;
import static io.vethtrace.daemon.fixture.ConcurrentTest.together;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of the history, however its writer and its readers take turns. */
class HistoryModelTest {
  private static final HistoryBounds TWO = new HistoryBounds(2, 1000, Duration.ofHours(1));
  private static final HistoryBounds EIGHT = new HistoryBounds(8, 1000, Duration.ofHours(1));

  @Test
  void a_reader_sees_a_suffix_without_a_gap() {
    check(() -> {
      History<Long> history = new History<>(TWO, _ -> 1);
      together(() -> write(history, 4), () -> requireSuffix(history));
      require(history.read(0).size() == 2, "read=" + history.read(0));
    });
  }

  private static void write(History<Long> history, int count) {
    for (int i = 0; i < count; i++) {
      require(history.add(0, sequence -> sequence) > 0, "sequences count from 1");
    }
  }

  private static void requireSuffix(History<Long> history) {
    long writtenBefore = history.written();
    List<History.Entry<Long>> read = history.read(0);
    for (int i = 1; i < read.size(); i++) {
      require(read.get(i).sequence() == read.get(i - 1).sequence() + 1, "gap in " + read);
    }
    require(
        read.isEmpty() || read.getLast().sequence() >= writtenBefore, writtenBefore + ": " + read);
  }

  @Test
  void who_subscribes_and_then_reads_misses_nothing_and_gets_nothing_twice() {
    check(() -> {
      FeedPublisher<Long> feed = new FeedPublisher<>();
      History<Long> history = new History<>(EIGHT, _ -> 1);
      Follower follower = new Follower();
      together(() -> publish(feed, history, 2), () -> follower.begin(feed, history));
      publish(feed, history, 1);
      require(follower.got().equals(List.of(1L, 2L, 3L)), "got " + follower.got);
    });
  }

  private static void publish(FeedPublisher<Long> feed, History<Long> history, int count) {
    for (int i = 0; i < count; i++) {
      TraceStream.publish(feed, history, 0, sequence -> sequence);
    }
  }

  /** A reader as a client's call is one: it subscribes, takes the history, and then what is new. */
  private static final class Follower {
    private final List<Long> got = new ArrayList<>();
    private @Nullable Subscription<Long> subscription;
    private long latest;

    void begin(FeedPublisher<Long> feed, History<Long> history) {
      subscription = feed.subscribe(8);
      latest = history.written();
      for (long sequence = 1; sequence <= latest; sequence++) {
        got.add(history.entry(sequence).orElseThrow().item());
      }
    }

    List<Long> got() throws InterruptedException {
      for (long item : Objects.requireNonNull(subscription).take(8, Duration.ZERO)) {
        if (item > latest) {
          got.add(item);
        }
      }
      return got;
    }
  }
}
