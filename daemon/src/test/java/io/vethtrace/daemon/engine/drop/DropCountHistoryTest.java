package io.vethtrace.daemon.engine.drop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DropCountHistoryTest {
  private static final OptionalLong UNSET = OptionalLong.empty();

  private final List<PacketCounter> kernel = new ArrayList<>();
  private long unixNs = 1_000;
  private final DropCountHistory ledger =
      new DropCountHistory(() -> List.copyOf(kernel), () -> unixNs);

  /** The kernel's count of what the device {@code ifname} dropped. */
  private void count(int ifindex, String ifname, long packets) {
    kernel.removeIf(tally -> tally.ifindex() == ifindex);
    kernel.add(new PacketCounter(7, 3, ifindex, 100, 0, ifname, packets, packets * 100, false));
  }

  /** The device is gone: what it had is part of the folded count. */
  private void retire(int ifindex, long folded) {
    kernel.removeIf(tally -> tally.ifindex() == ifindex || tally.folded());
    kernel.add(new PacketCounter(7, 3, 0, 0, 0, "", folded, folded * 100, true));
  }

  private void keepMomentAt(long at) {
    unixNs = at;
    ledger.keepMoment();
  }

  private static Map<String, Long> packets(DropCountHistory.Answer answer) {
    return answer.dropped().totals().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().folded() ? "gone" : entry.getKey().ifname(),
                entry -> entry.getValue().packets()));
  }

  private DropCountHistory.Answer between(long since, long until) {
    return ledger.between(OptionalLong.of(since), OptionalLong.of(until));
  }

  @Test
  void since_the_beginning_and_until_now_is_what_the_kernel_says() {
    count(2, "veth0", 5);
    unixNs = 1_500;
    DropCountHistory.Answer answer = ledger.between(UNSET, UNSET);
    assertThat(packets(answer)).containsOnly(Map.entry("veth0", 5L));
    assertThat(answer.sinceUnixNs()).isEqualTo(1_000);
    assertThat(answer.untilUnixNs()).isEqualTo(1_500);
  }

  @Test
  void between_two_moments_is_what_was_dropped_between_them() {
    count(2, "veth0", 5);
    keepMomentAt(2_000);
    count(2, "veth0", 8);
    count(3, "veth1", 1);
    keepMomentAt(3_000);
    count(2, "veth0", 20);
    keepMomentAt(4_000);
    assertThat(packets(between(2_000, 3_000)))
        .containsOnly(Map.entry("veth0", 3L), Map.entry("veth1", 1L));
    assertThat(packets(between(3_000, 4_000))).containsOnly(Map.entry("veth0", 12L));
    assertThat(packets(ledger.between(UNSET, OptionalLong.of(3_000))))
        .containsOnly(Map.entry("veth0", 8L), Map.entry("veth1", 1L));
    count(3, "veth1", 3);
    unixNs = 4_500;
    assertThat(packets(ledger.between(OptionalLong.of(3_000), UNSET)))
        .containsOnly(Map.entry("veth0", 12L), Map.entry("veth1", 2L));
  }

  @Test
  void a_time_between_moments_is_widened_to_those_around_it() {
    keepMomentAt(2_000);
    count(2, "veth0", 4);
    keepMomentAt(3_000);
    DropCountHistory.Answer answer = between(2_100, 2_200);
    assertThat(answer.sinceUnixNs()).isEqualTo(2_000);
    assertThat(answer.untilUnixNs()).isEqualTo(3_000);
    assertThat(packets(answer)).containsOnly(Map.entry("veth0", 4L));
  }

  @Test
  void what_an_interface_that_is_gone_had_before_is_not_counted_again() {
    count(2, "veth0", 5);
    keepMomentAt(2_000);
    retire(2, 6);
    keepMomentAt(3_000);
    assertThat(packets(between(2_000, 3_000))).containsOnly(Map.entry("gone", 1L));
    assertThat(packets(ledger.between(UNSET, UNSET))).containsOnly(Map.entry("gone", 6L));
    count(2, "veth0", 2);
    keepMomentAt(4_000);
    assertThat(packets(between(3_000, 4_000))).containsOnly(Map.entry("veth0", 2L));
  }

  @Test
  void after_an_hour_the_oldest_moments_are_forgotten_and_the_answer_says_so() {
    for (int i = 1; i <= 500; i++) {
      count(2, "veth0", i);
      keepMomentAt(1_000 + i * 10L);
    }
    DropCountHistory.Answer answer = ledger.between(OptionalLong.of(1_010), UNSET);
    assertThat(answer.sinceUnixNs()).isEqualTo(1_000 + 10 * (500 - 359));
    assertThat(packets(answer)).containsOnly(Map.entry("veth0", 359L));
    assertThat(packets(ledger.between(UNSET, UNSET))).containsOnly(Map.entry("veth0", 500L));
    assertThat(packets(ledger.between(OptionalLong.of(500), OptionalLong.of(5_000))))
        .containsOnly(Map.entry("veth0", 400L));
  }
}
