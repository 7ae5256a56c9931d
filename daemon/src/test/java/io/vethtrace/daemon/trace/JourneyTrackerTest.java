package io.vethtrace.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Iterables;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Journey.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JourneyTrackerTest {
  private static final TestDevice VETH0 = TestDevice.up(1, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(7, 3, "veth1");
  private static final Frame ARP = Packets.arpRequest("192.168.1.1", "192.168.1.2");
  private static final TestDevice PORT = TestDevice.up(7, 4, "veth2");
  private static final TestDevice FAR = TestDevice.up(8, 2, "veth3");
  private static final TestDevice BRIDGE = TestDevice.up(7, 5, "br0");
  private static final TestDevice MACVLAN = TestDevice.up(1, 9, "macvlan0");
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] OTHER = {1, 2, 3, 4, 5, 6, 7, 9};
  private static final long ADDRESS = 0xffff888000001000L;
  private static final long HEAD = 0xffff888000002000L;

  private final List<Journey> journeys = new ArrayList<>();
  private final JourneyTracker tracker = new JourneyTracker(journeys::add);
  private long accepted;

  private void follow(TracedSkb... skbs) {
    for (TracedSkb skb : skbs) {
      skb.events().forEach(tracker::accept);
      accepted += skb.events().size();
    }
    assertThat(tracker.joined() + tracker.ignored()).isEqualTo(accepted);
  }

  private static TracedSkb here(Frame frame) {
    return TracedSkb.in(ADDRESS, HEAD, frame);
  }

  private static Frame echo(int sequence) {
    return Packets.echo("192.168.1.1", "192.168.1.2", 9, sequence);
  }

  @Test
  void it_is_quiet_where_nothing_is_on_its_way_that_began_before() {
    TracedSkb onItsWay = here(ARP).across(VETH0, VETH1);
    long firstNs = onItsWay.events().getFirst().ktimeNs();
    follow(onItsWay);

    assertThat(tracker.isQuiet(Set.of(VETH1.netns()), firstNs + 1)).isFalse();
    assertThat(tracker.isQuiet(Set.of(), firstNs + 1)).isFalse();
    assertThat(tracker.isQuiet(Set.of(FAR.netns()), firstNs + 1)).isTrue();
    assertThat(tracker.isQuiet(Set.of(), firstNs)).isTrue();
    tracker.tick(Long.MAX_VALUE / 2);
    assertThat(tracker.isQuiet(Set.of(), Long.MAX_VALUE)).isTrue();
  }

  @Test
  void one_skb_across_both_ends_of_a_veth_is_one_journey() {
    TracedSkb skb = here(ARP).across(VETH0, VETH1).consumed(VETH1);
    follow(skb);

    Journey journey = journeys.getFirst();
    assertThat(journeys).hasSize(1);
    assertThat(journey.hops()).isEqualTo(skb.events());
    assertThat(journey.end()).isEqualTo(End.CONSUMED);
    assertThat(journey.hops()).extracting(Event::netns).containsOnly(1, 7);
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
    TestDevice next = TestDevice.up(7, 4, "veth2");
    Frame lower = Packets.with(echo(1), 8, 63);
    follow(
        here(echo(1)).across(VETH0, VETH1), here(lower).across(next, TestDevice.up(8, 2, "veth3")));
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).hasSize(1);
    assertThat(journeys.getFirst().hops()).extracting(Event::netns).containsOnly(1, 7, 8);
  }

  @Test
  void a_clone_that_is_seen_elsewhere_begins_a_branch_with_the_way_that_both_have_in_common() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    TracedSkb clone = packet.cloned().across(PORT, FAR).consumed(FAR);
    TracedSkb rest = packet.at(Hook.NETIF_RECEIVE_SKB, BRIDGE).consumed(BRIDGE);
    List<Event> common = packet.events().subList(0, 3);
    common.forEach(tracker::accept);
    clone.events().forEach(tracker::accept);
    rest.events().subList(3, 5).forEach(tracker::accept);

    Journey branch = journeys.getFirst();
    Journey whole = journeys.getLast();
    assertThat(journeys).hasSize(2);
    assertThat(branch.branchOf()).isEqualTo(whole.id()).isNotZero();
    assertThat(branch.inheritedHops()).isEqualTo(3);
    assertThat(branch.hops()).startsWith(common.toArray(Event[]::new)).endsWith(clone.last());
    assertThat(branch.hops()).hasSize(7);
    assertThat(whole.isBranch()).isFalse();
    assertThat(whole.hops()).isEqualTo(rest.events());
    assertThat(tracker.joined()).isEqualTo(9);
  }

  @Test
  void a_clone_finds_its_past_though_the_packet_has_ended_and_inherits_no_verdict_on_it() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    TracedSkb late = packet.cloned();
    follow(packet.validated(VETH1, -22, null).consumed(VETH1));
    follow(late.at(Hook.NETIF_RX, MACVLAN).at(Hook.NETIF_RECEIVE_SKB, MACVLAN).consumed(MACVLAN));

    assertThat(journeys).extracting(Journey::branchOf).containsExactly(0L, journeys.get(0).id());
    assertThat(journeys.get(1).hops().subList(0, 3)).isEqualTo(packet.events().subList(0, 3));
    assertThat(journeys.get(1).hop(Hook.FIB_VALIDATE_SOURCE)).isEmpty();
    assertThat(journeys.get(1).taken()).contains(late.last());
  }

  @Test
  void all_clones_that_a_bridge_floods_branch_from_the_packet_and_not_from_each_other() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    TracedSkb one = packet.cloned().across(PORT, FAR);
    TracedSkb two =
        packet.cloned().across(TestDevice.up(7, 6, "veth4"), TestDevice.up(8, 3, "veth5"));
    follow(packet, one, two);
    tracker.tick(Long.MAX_VALUE);

    long id = journeys.getFirst().id();
    assertThat(journeys).extracting(Journey::branchOf).containsExactly(0L, id, id);
    assertThat(journeys).extracting(Journey::inheritedHops).containsExactly(0, 3, 3);
    assertThat(journeys.get(2).hops()).doesNotContain(one.last());
  }

  @Test
  void a_clone_that_is_dropped_is_a_branch_and_one_that_is_used_is_ignored() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    follow(packet, packet.cloned().dropped(VETH1, 2, 0), packet.cloned().consumed(VETH1));

    assertThat(journeys).extracting(Journey::isBranch).containsExactly(true);
    assertThat(journeys.getFirst().end()).isEqualTo(End.DROPPED);
    assertThat(tracker.ignored()).isEqualTo(1);
  }

  @Test
  void a_packet_that_is_seen_after_the_drop_of_its_clone_counts_once() {
    TracedSkb packet = here(ARP);
    TracedSkb clone = packet.cloned().dropped(VETH0, 2, 0);
    follow(clone, packet.across(VETH0, VETH1).consumed(VETH1));

    assertThat(journeys).extracting(Journey::branchOf).containsExactly(0L, journeys.get(0).id());
    assertThat(journeys.get(1).hops()).isEqualTo(packet.events());
  }

  @Test
  void the_same_bytes_from_the_same_memory_sent_again_are_no_clone() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    TracedSkb again = packet.cloned().across(VETH0, VETH1);
    TracedSkb sightLost = packet.cloned().at(Hook.NETIF_RECEIVE_SKB, VETH1);
    follow(packet, again, sightLost);
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).extracting(Journey::isBranch).containsExactly(false, false, false);
  }

  @Test
  void what_shares_no_data_or_is_another_packet_or_comes_late_is_no_clone() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    TracedSkb unshared = TracedSkb.in(ADDRESS + 256, HEAD, ARP).at(Hook.NETIF_RX, MACVLAN);
    TracedSkb otherData = packet.copied().at(Hook.NETIF_RX, MACVLAN);
    TracedSkb late = packet.cloned().atMs(101).at(Hook.NETIF_RX, MACVLAN);
    TracedSkb other = TracedSkb.in(ADDRESS + 512, HEAD, echo(1));
    follow(packet, unshared, otherData, late, other.cloned().at(Hook.NETIF_RX, MACVLAN));
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).hasSize(5).noneMatch(Journey::isBranch);
  }

  @Test
  void a_packet_whose_data_was_moved_stays_one_journey_and_its_clones_are_known() {
    TracedSkb packet = here(ARP).across(VETH0, VETH1);
    TracedSkb moved = packet.moved().validated(VETH1, 0, null);
    TracedSkb clone = moved.cloned().at(Hook.VETH_XMIT, PORT);
    follow(packet, moved, clone);
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(4, 4);
    assertThat(journeys.get(1).branchOf()).isEqualTo(journeys.get(0).id());
  }

  @Test
  void a_copy_that_replaces_the_skb_at_the_far_end_of_a_veth_continues_the_journey() {
    TracedSkb sent = here(ARP).at(Hook.VETH_XMIT, VETH0).consumed(VETH1);
    TracedSkb copy = sent.copied().at(Hook.NETIF_RECEIVE_SKB, VETH1).consumed(VETH1);
    follow(sent, copy);

    assertThat(journeys).hasSize(1);
    assertThat(journeys.getFirst().hops())
        .containsExactlyElementsOf(Iterables.concat(sent.events(), copy.events()));
    assertThat(journeys.getFirst().end()).isEqualTo(End.CONSUMED);
    assertThat(journeys.getFirst().isBranch()).isFalse();
  }

  @Test
  void a_copy_that_xdp_drops_ends_the_journey_as_a_drop() {
    TracedSkb sent = here(ARP).at(Hook.VETH_XMIT, VETH0).consumed(VETH1);
    follow(sent, sent.copied().dropped(VETH1, 2, 0));

    assertThat(journeys).extracting(Journey::end).containsExactly(End.DROPPED);
    assertThat(journeys.getFirst().hops()).hasSize(3);
  }

  @Test
  void without_a_copy_a_packet_consumed_at_the_far_end_ends_there_a_little_later() {
    TracedSkb sent = here(ARP).at(Hook.VETH_XMIT, VETH0).consumed(VETH1);
    TracedSkb elsewhere = sent.copied().at(Hook.NETIF_RECEIVE_SKB, FAR);
    TracedSkb late = sent.copied().atMs(20).at(Hook.NETIF_RECEIVE_SKB, VETH1);
    follow(sent, elsewhere, late);
    assertThat(journeys).isEmpty();
    tracker.tick(late.last().ktimeNs());

    assertThat(journeys).extracting(Journey::hops).containsExactly(sent.events());
    assertThat(journeys).extracting(Journey::end).containsExactly(End.CONSUMED);
  }

  @Test
  void no_two_packets_are_held_back_in_one_place() {
    TracedSkb one = here(ARP).at(Hook.VETH_XMIT, VETH0).consumed(VETH1);
    TracedSkb other = here(ARP).atMs(1).at(Hook.VETH_XMIT, VETH0).consumed(VETH1);
    follow(one, other, other.copied().at(Hook.NETIF_RECEIVE_SKB, VETH1));
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(2, 3);
  }

  @Test
  void a_device_that_is_renamed_or_moved_on_the_way_is_told_as_it_was_at_each_sight() {
    TestDevice renamed = TestDevice.up(7, 3, "lan0");
    TestDevice moved = TestDevice.up(9, 5, "lan0");
    follow(
        here(ARP)
            .across(VETH0, VETH1)
            .at(Hook.NETIF_RECEIVE_SKB, renamed)
            .at(Hook.NETIF_RECEIVE_SKB, moved)
            .consumed(TestDevice.NONE));

    Journey journey = journeys.getFirst();
    assertThat(journeys).hasSize(1);
    assertThat(journey.hops())
        .extracting(Event::ifname)
        .containsExactly("veth0", "veth1", "veth1", "lan0", "lan0", "");
    assertThat(journey.hops()).extracting(Event::netns).containsExactly(1, 7, 7, 7, 9, 0);
    assertThat(journey.taken())
        .hasValueSatisfying(hop -> assertThat(hop.ifindex()).isEqualTo(moved.ifindex()));
  }

  @Test
  void payload_that_one_hook_cannot_reach_breaks_no_journey_and_joins_no_two() {
    Frame whole = Packets.ip4("10.0.0.1", "10.0.0.2", 17, 0, 64, Packets.datagram(1, 2, KEY));
    Frame other = Packets.ip4("10.0.0.1", "10.0.0.2", 17, 0, 64, Packets.datagram(1, 2, OTHER));
    Frame headers = Packets.cut(whole, 28);
    follow(
        here(headers).at(Hook.VETH_XMIT, VETH0),
        here(whole).at(Hook.NETIF_RX, VETH1),
        here(headers).at(Hook.NETIF_RECEIVE_SKB, VETH1),
        here(other).consumed(VETH1));

    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(3);
    assertThat(tracker.ignored()).isEqualTo(1);
    follow(
        here(headers).at(Hook.VETH_XMIT, VETH0),
        TracedSkb.in(ADDRESS, HEAD + 64, whole).at(Hook.NETIF_RX, VETH1));
    assertThat(journeys.getLast().hops()).hasSize(1);
  }

  @Test
  void without_a_fingerprint_the_data_tells_packets_apart() {
    Frame unknown = new Frame(0x88cc, 0, new byte[60]);
    follow(
        TracedSkb.in(ADDRESS, HEAD, unknown).at(Hook.NETIF_RX, VETH0),
        TracedSkb.in(ADDRESS, HEAD, unknown).at(Hook.NETIF_RECEIVE_SKB, VETH0),
        TracedSkb.in(ADDRESS, HEAD + 64, unknown).at(Hook.NETIF_RX, VETH0));
    tracker.tick(Long.MAX_VALUE);

    assertThat(journeys).extracting(journey -> journey.hops().size()).containsExactly(2, 1);
  }

  @Test
  void a_journey_without_a_further_sight_ends_when_it_has_been_idle() {
    TracedSkb skb = here(ARP).across(VETH0, VETH1);
    follow(skb);

    tracker.tick(skb.last().ktimeNs() + JourneyTracker.IDLE_NS);
    assertThat(journeys).isEmpty();
    tracker.tick(skb.last().ktimeNs() + JourneyTracker.IDLE_NS + 1);
    assertThat(journeys).extracting(Journey::end).containsExactly(End.OUT_OF_SIGHT);
  }

  @Test
  void a_loop_keeps_a_bounded_number_of_hops_and_counts_the_others() {
    TracedSkb looping = here(ARP);
    for (int i = 0; i < Journey.MAX_HOPS + 10; i++) {
      looping.at(Hook.NETIF_RECEIVE_SKB, VETH0);
    }
    follow(looping.dropped(VETH0, 2, 0));

    Journey journey = journeys.getFirst();
    assertThat(journey.skippedHops()).isEqualTo(10);
    assertThat(journey.hops()).hasSize(Journey.MAX_HOPS + 1);
    assertThat(journey.last().hook()).isEqualTo(Hook.KFREE_SKB);
  }

  @Test
  void what_is_unknown_in_another_namespace_is_another_packet_in_the_same_memory() {
    Frame unknown = new Frame(0x88cc, 0, new byte[60]);
    TestDevice elsewhere = TestDevice.up(8, 3, "veth0");
    follow(here(ARP).across(VETH0, VETH1));
    follow(here(unknown).consumed(elsewhere));
    follow(here(ARP).atMs(10).across(VETH0, VETH1));
    follow(here(unknown).atMs(10).at(Hook.VETH_XMIT, elsewhere).at(Hook.NETIF_RX, elsewhere));
    tracker.tick(Long.MAX_VALUE);
    assertThat(journeys).hasSize(3);
    assertThat(journeys)
        .allSatisfy(journey ->
            assertThat(journey.hops()).extracting(Event::netns).doesNotContainSequence(7, 8));
    assertThat(journeys).extracting(Journey::last).extracting(Event::netns).contains(7);
  }

  @Test
  void with_too_many_open_journeys_the_eldest_is_let_go() {
    int tooMany = (1 << 16) + 3;
    for (int i = 0; i < tooMany; i++) {
      follow(TracedSkb.in(ADDRESS + i * 256L, HEAD, ARP).at(Hook.NETIF_RX, VETH0));
    }

    assertThat(journeys).hasSize(3);
    assertThat(journeys)
        .extracting(journey -> journey.first().skb())
        .containsExactly(ADDRESS, ADDRESS + 256, ADDRESS + 512);
    assertThat(journeys).extracting(Journey::end).containsOnly(End.OUT_OF_SIGHT);
  }
}
