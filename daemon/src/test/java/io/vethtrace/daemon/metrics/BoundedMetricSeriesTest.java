package io.vethtrace.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Counts made by hand in place of the kernel's maps, and interfaces that come and go. */
class BoundedMetricSeriesTest {
  private static final int CAP = 3;
  private static final int REASON = 7;

  private final Map<Integer, PacketCounter> kernel = new TreeMap<>();
  private final List<PacketCounter> folded = new ArrayList<>();
  private final Set<Integer> gone = new HashSet<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final BoundedMetricSeries ledger =
      new BoundedMetricSeries(
          new HandMade(), new HandMadePlaces(), code -> List.of("r" + code), CAP);

  @Test
  void each_interface_has_a_series_of_its_own() {
    count(1, 10);
    count(2, 20);
    assertThat(ledger.read()).isEqualTo(Map.of(own("if1"), packets(10), own("if2"), packets(20)));
    assertThat(ledger.foldedSeries()).isZero();
  }

  @Test
  void what_comes_when_the_cap_is_reached_is_folded_and_the_sum_stays_exact() {
    for (int ifindex = 1; ifindex <= 10; ifindex++) {
      count(ifindex, ifindex);
    }
    assertThat(ledger.read()).hasSize(CAP + 1).containsEntry(other(), packets(49));
    assertThat(sum()).isEqualTo(55);
    assertThat(ledger.foldedSeries()).isEqualTo(7);
  }

  @Test
  void a_series_that_was_folded_stays_so_when_there_is_room_again() {
    for (int ifindex = 1; ifindex <= CAP + 1; ifindex++) {
      count(ifindex, 1);
    }
    assertThat(ledger.read()).containsEntry(other(), packets(1));
    vanish(1);
    vanish(2);
    ledger.retire();
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(own("if3"), packets(1), other(), packets(3)));
  }

  @Test
  void an_interface_that_is_gone_ends_its_series_at_the_second_look_and_leaves_its_count() {
    count(1, 10);
    count(2, 20);
    vanish(1);
    ledger.retire();
    assertThat(ledger.read()).containsEntry(own("if1"), packets(10));
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(own("if2"), packets(20), other(), packets(10)));
    assertThat(kernel).hasSize(1);
    assertThat(ledger.foldedSeries()).isEqualTo(1);
  }

  @Test
  void what_still_counts_is_not_retired() {
    count(1, 10);
    vanish(1);
    ledger.retire();
    count(1, 11);
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(own("if1"), packets(11)));
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(other(), packets(11)));
  }

  @Test
  void a_series_does_not_fall_when_an_interface_of_the_same_name_takes_its_place() {
    count(1, 10);
    ledger.read();
    vanish(1);
    names.put(2, "if1");
    count(2, 5);
    ledger.retire();
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(own("if1"), packets(15)));
    vanish(2);
    ledger.retire();
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(other(), packets(15)));
  }

  @Test
  void an_interface_that_came_and_went_between_two_readings_is_counted() {
    count(1, 10);
    vanish(1);
    ledger.retire();
    ledger.retire();
    assertThat(ledger.read()).isEqualTo(Map.of(other(), packets(10)));
  }

  @Test
  void what_the_kernels_full_map_counted_is_in_a_series_without_a_reason() {
    count(1, 10);
    folded.add(new PacketCounter(0, PacketCounter.ANY_CODE, 0, 0, 0, "", 4, 40, true));
    assertThat(ledger.read())
        .containsEntry(
            SeriesLabels.folded(List.of("r" + PacketCounter.ANY_CODE)), new PacketSum(4, 40));
  }

  private void count(int ifindex, long packets) {
    kernel.put(
        ifindex,
        new PacketCounter(99, REASON, ifindex, 1, 0, "if" + ifindex, packets, packets * 10, false));
  }

  private void vanish(int ifindex) {
    gone.add(ifindex);
  }

  private long sum() {
    return ledger.read().values().stream().mapToLong(PacketSum::packets).sum();
  }

  private static PacketSum packets(long packets) {
    return new PacketSum(packets, packets * 10);
  }

  private static SeriesLabels own(String ifname) {
    return new SeriesLabels(List.of("r" + REASON), ifname, "ns1");
  }

  private static SeriesLabels other() {
    return SeriesLabels.folded(List.of("r" + REASON));
  }

  private final class HandMade implements BoundedMetricSeries.Source {
    @Override
    public List<PacketCounter> read() {
      List<PacketCounter> all = new ArrayList<>(kernel.values());
      all.addAll(folded);
      return all;
    }

    /** Takes counters as KernelPacketCounters does: from then on they are read as folded. */
    @Override
    public List<PacketCounter> retire(Predicate<PacketCounter> leaving) {
      List<PacketCounter> taken = kernel.values().stream().filter(leaving).toList();
      kernel.values().removeAll(taken);
      taken.forEach(t ->
          folded.add(
              new PacketCounter(
                  t.location(), t.code(), 0, 0, 0, "", t.packets(), t.bytes(), true)));
      return taken;
    }

    @Override
    public long beyondRoom() {
      return 0;
    }
  }

  private final class HandMadePlaces implements InterfaceDirectory {
    @Override
    public String ifname(PacketCounter tally) {
      return names.getOrDefault(tally.ifindex(), tally.ifname());
    }

    @Override
    public String netns(PacketCounter tally) {
      return "ns" + tally.netns();
    }

    @Override
    public void look(Collection<PacketCounter> tallies) {
      throw new UnsupportedOperationException("the ledger does not look");
    }

    @Override
    public boolean isGone(PacketCounter tally) {
      return gone.contains(tally.ifindex());
    }
  }
}
