package io.vethtrace.daemon.probe.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.daemon.libbpf.MappedMemory;
import io.vethtrace.daemon.probe.RunningKernel;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.trace.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ring of the running kernel, with records that a BPF program writes. */
class RingReaderTest {
  private static final int STRIDE_BYTES = RingLayout.HEADER_BYTES + EventLayout.SIZE_BYTES;

  private final int ringBytes = MappedMemory.pageBytes() * 4;

  /** The kernel never lets the producer catch up with the consumer by less than one byte. */
  private final int capacity = (ringBytes - 1) / STRIDE_BYTES;

  private RingFiller filler;
  private EventReader reader;

  @BeforeEach
  void open() throws IOException {
    RunningKernel.requireRoot();
    filler = new RingFiller(ringBytes);
    reader = new EventReader(filler.ring());
  }

  @AfterEach
  void close() {
    if (filler != null) {
      filler.close();
    }
  }

  @Test
  void records_arrive_in_the_order_in_which_they_were_written() {
    filler.fill(10);
    List<Event> events = drained();
    assertThat(events).hasSize(10);
    assertThat(events).extracting(Event::ktimeNs).isSorted();
    assertThat(events).extracting(Event::ifname).containsOnly("veth0");
    assertThat(events).extracting(Event::skb).doesNotHaveDuplicates();
  }

  @Test
  void records_arrive_whole_across_many_wraps_of_the_ring() {
    for (int round = 0; round < 100; round++) {
      filler.fill(capacity - 1L);
      List<Event> events = drained();
      assertThat(events).hasSize(capacity - 1);
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).skb()).isEqualTo(0xffff888000000000L + ((long) i << 8));
        assertThat(events.get(i).frame().lengthBytes()).isEqualTo(i % 2 == 0 ? 98 : 42);
      }
    }
    assertThat(filler.counters())
        .isEqualTo(new ProbeHitCounters(100L * (capacity - 1), 100L * (capacity - 1), 0, 0));
  }

  @Test
  void a_ring_that_is_full_counts_what_it_lost() {
    filler.fill(capacity + 1000L);
    assertThat(filler.counters())
        .isEqualTo(new ProbeHitCounters(capacity + 1000L, capacity, 0, 1000));
    assertThat(drained()).hasSize(capacity);
  }

  @Test
  void a_ring_that_was_full_takes_records_again_once_it_is_drained() {
    filler.fill(capacity + 1L);
    drained();
    filler.fill(5);
    assertThat(drained()).hasSize(5);
    assertThat(filler.counters().lost()).isEqualTo(1);
  }

  @Test
  void an_empty_ring_hands_over_nothing_and_waits_in_vain() {
    assertThat(reader.drain(event -> {})).isZero();
    assertThat(reader.awaitData(0)).isFalse();
  }

  @Test
  void waiting_ends_when_a_record_comes() throws InterruptedException {
    Thread producer = Thread.ofPlatform().start(() -> filler.fill(1));
    assertThat(reader.awaitData(30_000)).isTrue();
    producer.join();
    assertThat(drained()).hasSize(1);
  }

  @Test
  void every_record_wakes_a_reader_that_sleeps_between_them() throws InterruptedException {
    int records = 2_000;
    try (RingFiller roomy = new RingFiller(1 << 20)) {
      Thread producer = Thread.ofPlatform().start(() -> oneByOne(roomy, records));
      int read = 0;
      while (read < records && roomy.ring().awaitData(30_000)) {
        read += roomy.ring().drain((ring, at, lengthBytes) -> {});
      }
      producer.join();
      assertThat(roomy.counters().lost()).isZero();
      assertThat(read).isEqualTo(records);
    }
  }

  @Test
  void a_record_whose_handler_fails_is_not_handed_over_again() {
    filler.fill(3);
    assertThatThrownBy(() ->
            reader.drain(event -> {
              throw new IllegalStateException("first");
            }))
        .hasMessage("first");
    assertThat(drained()).hasSize(2);
  }

  private static void oneByOne(RingFiller filler, int records) {
    for (int i = 0; i < records; i++) {
      filler.fill(1);
    }
  }

  private List<Event> drained() {
    List<Event> events = new ArrayList<>();
    int read = reader.drain(events::add);
    assertThat(read).isEqualTo(events.size());
    assertThat(reader.malformed()).isZero();
    return events;
  }
}
