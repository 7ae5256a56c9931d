package io.vethtrace.daemon.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Duration LONG = Duration.ofHours(1);

  /** Creates a history of items that are their own sequence numbers, each of one byte. */
  private static History<Long> history(int items, long bytes, Duration age) {
    return new History<>(new HistoryBounds(items, bytes, age), _ -> 1);
  }

  /** Each at the nanosecond before its sequence number. */
  private static void write(History<Long> history, int count) {
    for (int i = 0; i < count; i++) {
      history.add(history.written(), sequence -> sequence);
    }
  }

  private static List<Long> read(History<Long> history, long nowUnixNs) {
    return history.read(nowUnixNs).stream().map(History.Entry::item).toList();
  }

  @Test
  void it_keeps_the_latest_in_order_up_to_its_count() {
    History<Long> history = history(4, 100, LONG);
    write(history, 3);
    assertThat(read(history, 0)).containsExactly(1L, 2L, 3L);
    write(history, 7);
    assertThat(read(history, 0)).containsExactly(7L, 8L, 9L, 10L);
    assertThat(history.written()).isEqualTo(10);
    assertThat(history.fill(0)).isEqualTo(new History.Fill(4, 4, OptionalLong.of(6), 6));
  }

  @Test
  void it_keeps_no_more_bytes_than_it_may() {
    History<Long> history = new History<>(new HistoryBounds(100, 20, LONG), item -> item);
    write(history, 6); // 1 + 2 + … + 6 = 21
    assertThat(read(history, 0)).containsExactly(2L, 3L, 4L, 5L, 6L);
    write(history, 4); // 9 + 10 = 19
    assertThat(read(history, 0)).containsExactly(9L, 10L);
  }

  @Test
  void an_item_that_is_too_large_is_not_kept_and_nothing_before_it_that_would_seem_to_adjoin() {
    History<Long> history =
        new History<>(new HistoryBounds(100, 20, LONG), item -> item == 3 ? 21 : 1);
    write(history, 3);
    assertThat(read(history, 0)).isEmpty();
    write(history, 2);
    assertThat(read(history, 0)).containsExactly(4L, 5L);
  }

  @Test
  void what_is_too_old_is_neither_read_nor_kept() {
    History<Long> history = history(100, 100, Duration.ofNanos(10));
    write(history, 5); // at 0 … 4 ns
    assertThat(read(history, 12)).containsExactly(3L, 4L, 5L);
    history.add(14, sequence -> sequence);
    assertThat(history.entry(4)).isEmpty();
    assertThat(history.entry(5)).isPresent();
  }

  @Test
  void without_bounds_nothing_is_kept_and_all_is_numbered() {
    History<Long> history = new History<>(HistoryBounds.none(), _ -> 1);
    assertThat(history.add(0, sequence -> sequence)).isEqualTo(1);
    assertThat(history.add(0, sequence -> sequence)).isEqualTo(2);
    assertThat(read(history, 0)).isEmpty();
    assertThat(history.entry(2)).isEmpty();
  }

  @Test
  void readers_of_a_history_that_is_written_see_no_gap_and_nothing_out_of_order() throws Exception {
    History<Long> history = history(64, 1 << 20, LONG);
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Long>> readers =
          IntStream.range(0, 2)
              .mapToObj(_ -> threads.submit(() -> reading(history, over)))
              .toList();
      try {
        write(history, 2_000_000);
      } finally {
        over.set(true);
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
    assertThat(read(history, 0)).hasSize(64).endsWith(2_000_000L);
  }

  private static long reading(History<Long> history, AtomicBoolean over) {
    long reads = 0;
    do {
      List<Long> seen = read(history, 0);
      for (int i = 1; i < seen.size(); i++) {
        assertThat(seen.get(i)).isEqualTo(seen.get(i - 1) + 1);
      }
      assertThat(seen.size()).isLessThanOrEqualTo(64);
      reads++;
    } while (!over.get());
    return reads;
  }
}
