package io.vethtrace.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Journey.End;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JourneyTrackerTest {
  private static final Dev VETH0 = Dev.up(1, 2, "veth0");
  private static final Dev VETH1 = Dev.up(7, 3, "veth1");
  private static final Frame ARP = Packets.arpRequest("192.168.1.1", "192.168.1.2");
  private static final long ADDRESS = 0xffff888000001000L;
  private static final long HEAD = 0xffff888000002000L;

  private final List<Journey> journeys = new ArrayList<>();
  private final JourneyTracker tracker = new JourneyTracker(journeys::add);
  private long accepted;

  private void follow(Skb... skbs) {
    for (Skb skb : skbs) {
      skb.events().forEach(tracker::accept);
      accepted += skb.events().size();
    }
    assertThat(tracker.joined() + tracker.ignored()).isEqualTo(accepted);
  }

  private static Skb here(Frame frame) {
    return Skb.in(ADDRESS, HEAD, frame);
  }

  private static Frame echo(int sequence) {
    return Packets.echo("192.168.1.1", "192.168.1.2", 9, sequence);
  }

  @Test
  void one_skb_across_both_ends_of_a_veth_is_one_journey() {
    Skb skb = here(ARP).across(VETH0, VETH1).consumed(VETH1);
    follow(skb);

    Journey journey = journeys.getFirst();
    assertThat(journeys).hasSize(1);
    assertThat(journey.hops()).isEqualTo(skb.events());
    assertThat(journey.end()).isEqualTo(End.CONSUMED);
    assertThat(journey.namespaces()).containsExactlyInAnyOrder(1, 7);
    assertThat(journey.received())
        .hasValueSatisfying(hop -> assertThat(hop.hook()).isEqualTo(Hook.NETIF_RECEIVE_SKB));
    assertThat(journey.hop(Hook.VETH_XMIT)).contains(journey.first());
    assertThat(journey.summary()).isEqualTo("ARP who-has 192.168.1.2 tell 192.168.1.1");
  }

  @Test
  void a_drop_ends_a_journey_and_may_be_all_that_was_seen_of_it() {
    follow(here(ARP).across(VETH0, VETH1).dropped(VETH1, 2, 0), here(echo(1)).dropped(VETH0, 2, 0));

    assertThat(journeys).extracting(Journey::end).containsExactly(End.DROPPED, End.DROPPED);
    assertThat(journeys.get(1).hops()).hasSize(1);
    assertThat(journeys.get(1).id()).isGreaterThan(journeys.get(0).id());
  }

  @Test
  void the_use_of_an_skb_that_no_other_hook_saw_is_ignored_and_counted() {
    follow(here(ARP).consumed(VETH1), here(ARP).consumed(VETH1));

    assertThat(journeys).isEmpty();
    assertThat(tracker.ignored()).isEqualTo(2);
    assertThat(tracker.joined()).isZero();
  }

  @Test
  void another_packet_in_the_same_memory_is_another_journey_though_the_end_was_missed() {
    follow(
        here(echo(1)).across(VETH0, VETH1),
        here(echo(2)).at(Hook.NETIF_RX, VETH1),
        here(ARP).at(Hook.NETIF_RX, VETH1).consumed(VETH1));

    assertThat(journeys)
        .extracting(Journey::end)
        .containsExactly(End.OUT_OF_SIGHT, End.OUT_OF_SIGHT, End.CONSUMED);
    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(3, 1, 2);
  }

  @Test
  void the_use_of_another_packet_in_the_same_memory_ends_the_first_and_is_none_of_it() {
    follow(here(echo(1)).across(VETH0, VETH1), here(echo(2)).consumed(VETH1));

    assertThat(journeys).extracting(Journey::end).containsExactly(End.OUT_OF_SIGHT);
    assertThat(tracker.ignored()).isEqualTo(1);
  }

  @Test
  void a_retransmitted_arp_request_in_the_same_memory_is_another_journey() {
    follow(
        here(ARP).across(VETH0, VETH1), here(ARP).atMs(1000).across(VETH0, VETH1).consumed(VETH1));

    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(3, 4);
    assertThat(journeys).extracting(Journey::end).containsExactly(End.OUT_OF_SIGHT, End.CONSUMED);
  }

  @Test
  void a_forwarded_packet_stays_one_journey_over_several_devices_and_a_changed_ttl() {
    Dev next = Dev.up(7, 4, "veth2");
    Frame lower = Packets.with(echo(1), 8, 63);
    follow(here(echo(1)).across(VETH0, VETH1), here(lower).across(next, Dev.up(8, 2, "veth3")));
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).hasSize(1);
    assertThat(journeys.getFirst().namespaces()).containsExactlyInAnyOrder(1, 7, 8);
  }

  @Test
  void without_a_fingerprint_the_data_tells_packets_apart() {
    Frame unknown = new Frame(0x88cc, 0, new byte[60]);
    follow(
        Skb.in(ADDRESS, HEAD, unknown).at(Hook.NETIF_RX, VETH0),
        Skb.in(ADDRESS, HEAD, unknown).at(Hook.NETIF_RECEIVE_SKB, VETH0),
        Skb.in(ADDRESS, HEAD + 64, unknown).at(Hook.NETIF_RX, VETH0));
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(2, 1);
  }

  @Test
  void a_journey_without_a_further_sight_ends_when_it_has_been_idle() {
    Skb skb = here(ARP).across(VETH0, VETH1);
    follow(skb);

    tracker.tick(skb.last().ktimeNs() + JourneyTracker.IDLE_NS);
    assertThat(journeys).isEmpty();
    tracker.tick(skb.last().ktimeNs() + JourneyTracker.IDLE_NS + 1);
    assertThat(journeys).extracting(Journey::end).containsExactly(End.OUT_OF_SIGHT);
  }

  @Test
  void a_loop_keeps_a_bounded_number_of_hops_and_counts_the_others() {
    Skb looping = here(ARP);
    for (int i = 0; i < JourneyTracker.MAX_HOPS + 10; i++) {
      looping.at(Hook.NETIF_RECEIVE_SKB, VETH0);
    }
    follow(looping.dropped(VETH0, 2, 0));

    Journey journey = journeys.getFirst();
    assertThat(journey.skippedHops()).isEqualTo(10);
    assertThat(journey.hops()).hasSize(JourneyTracker.MAX_HOPS + 1);
    assertThat(journey.last().hook()).isEqualTo(Hook.KFREE_SKB);
  }

  @Test
  void with_too_many_open_journeys_the_eldest_is_let_go() {
    int tooMany = (1 << 16) + 3;
    for (int i = 0; i < tooMany; i++) {
      follow(Skb.in(ADDRESS + i * 256L, HEAD, ARP).at(Hook.NETIF_RX, VETH0));
    }

    assertThat(journeys).hasSize(3);
    assertThat(journeys)
        .extracting(journey -> journey.first().skb())
        .containsExactly(ADDRESS, ADDRESS + 256, ADDRESS + 512);
    assertThat(journeys).extracting(Journey::end).containsOnly(End.OUT_OF_SIGHT);
  }
}
