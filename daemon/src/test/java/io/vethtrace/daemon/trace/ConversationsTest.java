package io.vethtrace.daemon.trace;

import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.Packet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConversationsTest {
  private static final String A = "192.168.1.1";
  private static final String B = "192.168.1.2";
  private static final TestDevice VETH0 = TestDevice.up(1, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(7, 3, "veth1");

  private final Set<Conversation> closed = new HashSet<>();
  private final Conversations conversations = new Conversations(1000, closed::contains);

  private Conversation add(Frame frame) {
    return add(frame, VETH0, VETH1);
  }

  private Conversation add(Frame frame, TestDevice from, TestDevice to) {
    return conversations.add(TracedSkb.of(frame).across(from, to).journey());
  }

  @Test
  void an_arp_request_and_its_reply_are_one_conversation() {
    Conversation asked = add(Packets.arpRequest(A, B));
    Conversation answered = add(Packets.arpReply(B, A), VETH1, VETH0);

    assertThat(answered).isSameAs(asked);
    assertThat(asked.key()).isEqualTo(new ConversationKey.Neighbour(ip(A), ip(B)));
    assertThat(asked.requests()).hasSize(1);
    assertThat(asked.replies()).hasSize(1);
    assertThat(asked.namespaces()).containsExactlyInAnyOrder(1, 7);
  }

  private Conversation addAt(long ms, Frame frame, TestDevice from, TestDevice to) {
    return conversations.add(TracedSkb.of(frame).atMs(ms).across(from, to).journey());
  }

  @Test
  void an_arp_request_long_after_an_answer_is_another_question() {
    Conversation first = addAt(0, Packets.arpRequest(A, B), VETH0, VETH1);
    addAt(1, Packets.arpReply(B, A), VETH1, VETH0);
    assertThat(addAt(900, Packets.arpRequest(A, B), VETH0, VETH1)).isSameAs(first);

    Conversation anew = addAt(1900, Packets.arpRequest(A, B), VETH0, VETH1);
    assertThat(anew).isNotSameAs(first);
    assertThat(anew.replyCount()).isZero();
    assertThat(addAt(5000, Packets.arpRequest(A, B), VETH0, VETH1))
        .as("it has no answer yet")
        .isSameAs(anew);
    assertThat(addAt(5001, Packets.arpReply(B, A), VETH1, VETH0)).isSameAs(anew);
    assertThat(conversations.all()).containsExactly(first, anew);
    assertThat(first.replyCount()).isEqualTo(1);
  }

  @Test
  void so_is_a_connection_request_with_the_ports_of_one_that_was() {
    Frame syn = Packets.segment(A, 4000, B, 80, 2);
    Frame synAck = Packets.segment(B, 80, A, 4000, 18);
    Frame data = Packets.segment(A, 4000, B, 80, 16);
    Conversation first = addAt(0, syn, VETH0, VETH1);
    assertThat(addAt(1, synAck, VETH1, VETH0)).isSameAs(first);
    assertThat(addAt(9000, data, VETH0, VETH1)).as("it goes on").isSameAs(first);

    Conversation anew = addAt(9100, syn, VETH0, VETH1);
    assertThat(anew).isNotSameAs(first);
    assertThat(addAt(9101, synAck, VETH1, VETH0)).isSameAs(anew);
  }

  @Test
  void what_was_judged_goes_on_without_its_drops() {
    Frame echoes = Packets.udp(A, 4000, B, 53);
    Conversation first = addAt(0, echoes, VETH0, VETH1);
    addAt(1, Packets.udp(B, 53, A, 4000), VETH1, VETH0);
    conversations.add(TracedSkb.of(echoes).atMs(2).dropped(VETH1, 6, 0).journey());
    closed.add(first);

    Conversation next =
        conversations.add(TracedSkb.of(echoes).atMs(3).dropped(VETH1, 7, 0).journey());
    assertThat(next).isNotSameAs(first);
    assertThat(next.journeys().filter(Journey::isDropped))
        .singleElement()
        .satisfies(journey ->
            assertThat(journey.last())
                .isInstanceOfSatisfying(
                    Event.Drop.class, drop -> assertThat(drop.reason()).hasValue(7)));
    assertThat(next.key()).isEqualTo(first.key());
    assertThat(next.replyCount()).isEqualTo(1);
    assertThat(next.dropCount()).isEqualTo(2);
    assertThat(next.requestCount()).as("of what is new").isEqualTo(1);
    assertThat(first.dropCount()).as("it stays as it was judged").isEqualTo(1);
    assertThat(addAt(4, Packets.udp(B, 53, A, 4000), VETH1, VETH0)).isSameAs(next);
    assertThat(conversations.all()).containsExactly(next);
  }

  @Test
  void a_question_that_was_judged_unanswered_is_another_one_when_it_is_asked_again() {
    Conversation first = addAt(0, Packets.arpRequest(A, B), VETH0, VETH1);
    closed.add(first);
    Conversation next = addAt(1, Packets.arpRequest(A, B), VETH0, VETH1);
    assertThat(next).isNotSameAs(first);
    assertThat(next.requestCount()).isEqualTo(1);
    assertThat(addAt(2, Packets.arpReply(B, A), VETH1, VETH0)).isSameAs(next);
    assertThat(conversations.all()).containsExactly(next);
  }

  @Test
  void a_late_sight_of_what_was_judged_asks_nothing_anew() {
    Conversation first = addAt(0, Packets.arpRequest(A, B), VETH0, VETH1);
    addAt(5, Packets.arpReply(B, A), VETH1, VETH0);
    closed.add(first);
    assertThat(addAt(3, Packets.arpRequest(A, B), VETH0, VETH1).replyCount()).isEqualTo(1);
  }

  @Test
  void a_connection_request_begins_anew_where_the_first_packet_seen_was_an_answer() {
    Frame syn = Packets.segment(A, 4000, B, 80, 2);
    Conversation first = addAt(0, Packets.segment(B, 80, A, 4000, 16), VETH1, VETH0);
    assertThat(addAt(1, Packets.segment(A, 4000, B, 80, 16), VETH0, VETH1)).isSameAs(first);

    Conversation anew = addAt(9000, syn, VETH0, VETH1);
    assertThat(anew).isNotSameAs(first);
    assertThat(anew.replyCount()).isZero();
  }

  @Test
  void nobody_in_particular_is_to_answer_a_broadcast() {
    assertThat(add(Packets.udp("0.0.0.0", 68, "255.255.255.255", 67)).key())
        .isInstanceOf(ConversationKey.Alone.class);
    assertThat(add(Packets.udp(A, 68, B, 67)).key()).isInstanceOf(ConversationKey.Flow.class);
  }

  @Test
  void an_echo_and_its_reply_are_one_conversation_whichever_ends_first() {
    Conversation answered = add(Packets.echoReply(B, A, 5, 1), VETH1, VETH0);
    assertThat(add(Packets.echo(A, B, 5, 1))).isSameAs(answered);
    assertThat(answered.requestCount()).isEqualTo(1);
    assertThat(answered.replyCount()).isEqualTo(1);

    assertThat(add(Packets.echo(A, B, 5, 2))).isNotSameAs(answered);
    assertThat(add(Packets.echo(A, B, 6, 1))).isNotSameAs(answered);
  }

  @Test
  void a_reply_that_is_translated_back_joins_what_was_asked_before_translation() {
    TestDevice uplink = TestDevice.up(7, 4, "uplink");
    Conversation asked = add(Packets.echo(A, "10.0.0.9", 5, 1));
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply("10.0.0.9", "10.0.0.1", 5, 1))
            .at(Hook.NETIF_RX, uplink)
            .as(Packets.echoReply("10.0.0.9", A, 5, 1))
            .dropped(uplink, 8, 0);

    assertThat(conversations.add(reply.journey())).isSameAs(asked);
    assertThat(asked.replyCount()).isEqualTo(1);
  }

  @Test
  void a_flow_is_one_conversation_both_ways_and_its_first_packet_asks() {
    Conversation flow = add(Packets.tcp(A, 1000, B, 80));
    assertThat(add(Packets.tcp(B, 80, A, 1000), VETH1, VETH0)).isSameAs(flow);
    assertThat(add(Packets.tcp(A, 1000, B, 80))).isSameAs(flow);
    assertThat(flow.requestCount()).isEqualTo(2);
    assertThat(flow.replyCount()).isEqualTo(1);
    assertThat(flow.key().requester()).isEqualTo(ip(A));

    assertThat(add(Packets.udp(A, 1000, B, 80))).isNotSameAs(flow);
    assertThat(add(Packets.tcp(A, 1001, B, 80))).isNotSameAs(flow);
  }

  @Test
  void an_icmp_error_joins_the_conversation_whose_packet_it_quotes() {
    Frame echo = Packets.echo(A, B, 5, 1);
    Frame datagram = Packets.udp(B, 53, A, 1000);
    Conversation pinged = add(echo);
    Conversation flow = add(Packets.udp(A, 1000, B, 53));

    assertThat(add(Packets.icmpError(B, A, 3, echo), VETH1, VETH0)).isSameAs(pinged);
    assertThat(add(Packets.icmpError(A, B, 3, datagram))).isSameAs(flow);
    assertThat(pinged.errors()).hasSize(1);
    assertThat(flow.errors()).hasSize(1);
    assertThat(flow.replyCount()).isZero();
    assertThat(pinged.journeys()).hasSize(2);
  }

  @Test
  void the_same_addresses_in_unrelated_namespaces_are_two_conversations() {
    Conversation one = add(Packets.echo(A, B, 1, 1));
    TestDevice otherVeth0 = TestDevice.up(21, 2, "veth0");
    TestDevice otherVeth1 = TestDevice.up(22, 3, "veth1");
    Conversation other = add(Packets.echo(A, B, 1, 1), otherVeth0, otherVeth1);

    assertThat(other).isNotSameAs(one);
    assertThat(add(Packets.echoReply(B, A, 1, 1), otherVeth1, otherVeth0)).isSameAs(other);
    assertThat(add(Packets.echoReply(B, A, 1, 1), VETH1, VETH0)).isSameAs(one);
    assertThat(conversations.all()).containsExactly(one, other);
  }

  @Test
  void a_reply_that_knows_the_request_after_nat_only_is_joined() {
    TestDevice uplink = TestDevice.up(7, 4, "uplink");
    TestDevice outside = TestDevice.up(8, 2, "eth0");
    String host = "198.51.100.2";
    String server = "198.51.100.1";
    TracedSkb request =
        TracedSkb.of(Packets.echo(A, server, 5, 1))
            .across(VETH0, VETH1)
            .as(Packets.echo(host, server, 5, 1))
            .across(uplink, outside);
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply(server, host, 5, 1))
            .across(outside, uplink)
            .as(Packets.echoReply(server, A, 5, 1))
            .across(VETH1, VETH0);
    Conversation asked = conversations.add(request.journey());

    assertThat(conversations.add(reply.journey())).isSameAs(asked);
    assertThat(asked.replyCount()).isEqualTo(1);
  }

  @Test
  void a_published_port_is_one_flow_under_both_its_addresses() {
    Frame seenOutside = Packets.segment(A, 1000, "198.51.100.2", 8080, 2);
    Frame seenInside = Packets.segment(A, 1000, "172.17.0.2", 80, 2);
    Frame answer = Packets.segment("172.17.0.2", 80, A, 1000, 18);
    Conversation flow =
        conversations.add(
            TracedSkb.of(seenOutside)
                .at(Hook.VETH_XMIT, VETH0)
                .as(seenInside)
                .at(Hook.NETIF_RX, VETH1)
                .journey());

    assertThat(add(answer, VETH1, VETH0)).isSameAs(flow);
    assertThat(add(Packets.portUnreachable("172.17.0.2", A, seenInside), VETH1, VETH0))
        .isSameAs(flow);
    assertThat(flow.requestCount()).isEqualTo(1);
    assertThat(flow.replyCount()).isEqualTo(1);
    assertThat(flow.errors()).hasSize(1);
  }

  @Test
  void what_a_tunnel_carries_is_no_translation_of_it() {
    Frame outer = Packets.ip4(A, B, Packets.UDP, 77, Packets.TTL, Packets.ports(4789, 4789));
    Frame inner = Packets.udp("10.0.0.1", 1, "10.0.0.2", 2);
    TracedSkb skb =
        TracedSkb.of(outer).at(Hook.VETH_XMIT, VETH0).as(inner).at(Hook.NETIF_RX, VETH1);
    conversations.add(
        new Journey(1, 0, Packet.parse(outer), skb.events(), 0, Journey.End.OUT_OF_SIGHT, 0));

    assertThat(add(inner).requestCount()).isEqualTo(1);
    assertThat(conversations.all()).hasSize(2);
  }

  @Test
  void anybody_may_answer_an_echo_to_many_and_only_its_target_another() {
    Frame broadcast = Packets.behindMac(Packets.echo(A, "192.168.1.255", 5, 1));
    Conversation asked = add(Packets.with(broadcast, 0, 0xff));
    assertThat(add(Packets.echoReply(B, A, 5, 1), VETH1, VETH0)).isSameAs(asked);

    Conversation toOne = add(Packets.echo(A, "192.168.1.7", 5, 2));
    assertThat(add(Packets.echoReply(B, A, 5, 2), VETH1, VETH0)).isNotSameAs(toOne);
  }

  @Test
  void a_forgotten_conversation_leaves_under_all_its_names() {
    Conversations one = new Conversations(1);
    Frame after = Packets.udp("10.0.0.9", 1000, B, 53);
    one.add(
        TracedSkb.of(Packets.udp(A, 1000, B, 53))
            .at(Hook.VETH_XMIT, VETH0)
            .as(after)
            .at(Hook.NETIF_RX, VETH1)
            .journey());
    one.add(TracedSkb.of(Packets.udp(A, 5, B, 6)).across(VETH0, VETH1).journey());
    one.add(TracedSkb.of(Packets.udp(B, 53, "10.0.0.9", 1000)).across(VETH1, VETH0).journey());

    assertThat(one.forgotten()).isEqualTo(2);
    assertThat(one.all().getFirst().requestCount()).isEqualTo(1);
  }

  @Test
  void an_announcement_a_multicast_and_an_unknown_packet_stand_alone() {
    assertThat(add(Packets.arpRequest(A, A)).key()).isInstanceOf(ConversationKey.Alone.class);
    assertThat(add(Packets.udp(A, 5353, "224.0.0.251", 5353)).key())
        .isInstanceOf(ConversationKey.Alone.class);
    assertThat(add(Packets.routerSolicitation()).key()).isInstanceOf(ConversationKey.Alone.class);
    assertThat(add(new Frame(0x88cc, 0, new byte[60])).key())
        .isInstanceOf(ConversationKey.Alone.class);
  }

  @Test
  void a_flood_is_counted_and_only_its_beginning_is_kept() {
    Conversation asked = add(Packets.arpRequest(A, B));
    for (int i = 1; i < Conversation.KEPT + 5; i++) {
      add(Packets.arpRequest(A, B));
    }

    assertThat(asked.requests()).hasSize(Conversation.KEPT);
    assertThat(asked.requestCount()).isEqualTo(Conversation.KEPT + 5);
  }

  @Test
  void a_drop_is_kept_that_comes_late_in_a_flow() {
    Conversation asked = add(Packets.arpRequest(A, B));
    for (int i = 1; i < Conversation.KEPT; i++) {
      add(Packets.arpRequest(A, B));
    }
    for (int i = 0; i < Conversation.KEPT + 5; i++) {
      conversations.add(TracedSkb.of(Packets.arpRequest(A, B)).dropped(VETH1, 2, 0).journey());
    }

    assertThat(asked.requests()).hasSize(2 * Conversation.KEPT);
    assertThat(asked.requests().getLast().isDropped()).isTrue();
    assertThat(asked.dropCount()).isEqualTo(Conversation.KEPT + 5);
  }

  @Test
  void a_packet_that_was_cloned_counts_once_and_its_branches_are_kept() {
    TracedSkb packet = TracedSkb.of(Packets.arpRequest(A, B)).across(VETH0, VETH1);
    TracedSkb clone =
        packet.cloned().across(TestDevice.up(7, 4, "veth2"), TestDevice.up(8, 2, "veth3"));
    List<Journey> journeys = new ArrayList<>();
    JourneyTracker tracker = new JourneyTracker(journeys::add);
    Stream.of(packet, clone).flatMap(skb -> skb.events().stream()).forEach(tracker::accept);
    tracker.tick(Long.MAX_VALUE);
    journeys.reversed().forEach(conversations::add);

    Conversation asked = conversations.all().getFirst();
    assertThat(conversations.all()).hasSize(1);
    assertThat(asked.requestCount()).isEqualTo(1);
    assertThat(asked.requests()).hasSize(2);
  }

  @Test
  void a_device_that_is_renamed_or_moved_between_packets_divides_no_conversation() {
    Conversation asked = add(Packets.echo(A, B, 5, 1));
    TestDevice renamed = TestDevice.up(7, 3, "lan0");
    assertThat(add(Packets.echoReply(B, A, 5, 1), renamed, VETH0)).isSameAs(asked);
    TestDevice moved = TestDevice.up(9, 3, "lan0");
    assertThat(add(Packets.echoReply(B, A, 5, 1), moved, VETH0)).isSameAs(asked);

    assertThat(asked.namespaces()).containsExactlyInAnyOrder(1, 7, 9);
    assertThat(asked.journeys().map(journey -> journey.first().ifname()))
        .containsExactly("veth0", "lan0", "lan0");
  }

  @Test
  void another_device_that_took_over_an_index_and_a_name_elsewhere_is_another_conversation() {
    Conversation asked = add(Packets.echo(A, B, 5, 1));
    TestDevice reborn0 = TestDevice.up(31, VETH0.ifindex(), VETH0.name());
    TestDevice reborn1 = TestDevice.up(37, VETH1.ifindex(), VETH1.name());
    assertThat(add(Packets.echo(A, B, 5, 1), reborn0, reborn1)).isNotSameAs(asked);
    assertThat(asked.requestCount()).isEqualTo(1);
  }

  @Test
  void with_too_many_conversations_the_oldest_leaves_and_is_counted() {
    Conversations few = new Conversations(3);
    for (int sequence = 0; sequence < 5; sequence++) {
      few.add(TracedSkb.of(Packets.echo(A, B, 1, sequence)).across(VETH0, VETH1).journey());
    }
    assertThat(few.all()).hasSize(3);
    assertThat(few.forgotten()).isEqualTo(2);

    few.add(TracedSkb.of(Packets.echoReply(B, A, 1, 0)).across(VETH1, VETH0).journey());
    assertThat(few.all().getLast().requests()).isEmpty();
    assertThat(few.forgotten()).isEqualTo(3);
    assertThatThrownBy(() -> new Conversations(0)).hasMessage("capacity=0");
  }

  @Test
  void the_last_sight_is_the_latest_of_all_packets() {
    Journey late = TracedSkb.of(Packets.arpRequest(A, B)).atMs(500).across(VETH0, VETH1).journey();
    Journey early = TracedSkb.of(Packets.arpRequest(A, B)).across(VETH0, VETH1).journey();
    conversations.add(late);
    assertThat(conversations.add(early).lastNs()).isEqualTo(late.last().ktimeNs());
  }

  @Test
  void random_packets_find_a_conversation_each() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      int protocol = new int[] {0x0806, 0x0800, 0x86dd, 0}[i % 4];
      if (bytes.length > 0 && protocol != 0x0806) {
        bytes[0] = (byte) (protocol == 0x0800 ? 0x45 : 0x60);
      }
      Frame frame = new Frame(protocol, 0, bytes);
      Journey journey = TracedSkb.of(frame).at(Hook.NETIF_RX, VETH0).journey();
      assertThat(conversations.add(journey).journeys()).isNotEmpty();
    }
    assertThat(conversations.all()).hasSizeLessThanOrEqualTo(1000);
  }
}
