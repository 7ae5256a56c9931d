package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Role;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Stream;

/** Tells the frees by kfree_skb that are no faults from those that are. */
public record HarmlessDrops(DropReasons reasons, KernelSymbols symbols) {
  /** Functions that free an echo reply after a socket got its clone (net/ipv4/icmp.c, ping.c). */
  private static final Set<String> AFTER_DELIVERY = Set.of("icmp_rcv", "ping_rcv", "icmpv6_rcv");

  /**
   * Functions that free what a packet socket, such as tcpdump's, has no room for: a clone, or a
   * packet that goes its own way besides (net/packet/af_packet.c).
   */
  private static final Set<String> TAPS = Set.of("packet_rcv", "tpacket_rcv", "packet_rcv_spkt");

  /** The same since 6.10, as a reason. */
  private static final String TAP_REASON = "PACKET_SOCK_ERROR";

  /**
   * Frees what a packet socket had not read when it was closed; packet_rcv has taken the device
   * from it (net/packet/af_packet.c, packet_release; net/core/skbuff.c).
   */
  private static final Set<String> CLOSED = Set.of("skb_queue_purge", "skb_queue_purge_reason");

  /** Frees a multicast that nobody here has joined (net/ipv6/ip6_input.c). */
  private static final String NOT_JOINED = "ip6_mc_input";

  private static final int IGMP = 2; // linux/in.h

  /** Frees what a socket that is closed had not read (net/ipv4/af_inet.c). */
  private static final String UNREAD = "inet_sock_destruct";

  /**
   * Reasons that TCP gives for segments that it cannot use: late, sent twice, or for a connection
   * that is over (net/ipv4/tcp_input.c, tcp_ipv4.c). The sender learns of it by the protocol
   * itself.
   */
  private static final Set<String> OF_NO_USE =
      Set.of(
          "",
          "NOT_SPECIFIED",
          "NO_SOCKET",
          "TCP_OLD_DATA",
          "TCP_OLD_SEQUENCE",
          "TCP_OLD_ACK",
          "TCP_TOO_OLD_ACK",
          "TCP_OFOMERGE",
          "TCP_CLOSE",
          "TCP_RESET",
          "TCP_ABORT_ON_DATA");

  /**
   * Returns true if nothing was lost by the drop of this packet, which is one of {@code
   * conversation}.
   */
  public static boolean isHarmless(Journey journey, Conversation conversation, Snapshot snapshot) {
    return new HarmlessDrops(snapshot.reasons(), snapshot.symbols()).isHarmless(journey)
        || isLateReply(journey, conversation, snapshot)
        || isOvercome(journey, conversation, snapshot)
        || isUnheardBroadcast(journey, conversation.key(), snapshot);
  }

  /** A packet came too early for a link that was coming up, and a later packet left. */
  private static boolean isOvercome(Journey journey, Conversation conversation, Snapshot snapshot) {
    Event drop = journey.last();
    return DeviceQdiscs.of(snapshot, drop).isBeforeActivation()
        && Stream.concat(conversation.requests().stream(), conversation.replies().stream())
            .map(Journey::first)
            .anyMatch(sent ->
                !(sent instanceof Event.Drop)
                    && sent.netns() == drop.netns()
                    && sent.ifindex() == drop.ifindex()
                    && sent.ktimeNs() > drop.ktimeNs());
  }

  /**
   * A broadcast is for whoever listens, and here nobody does. The sender receives its own broadcast
   * too (net/ipv4/udp.c, __udp4_lib_mcast_deliver; net/ipv4/ip_output.c, ip_mc_output).
   */
  private static boolean isUnheardBroadcast(
      Journey journey, ConversationKey key, Snapshot snapshot) {
    Event drop = journey.last();
    return key instanceof ConversationKey.Flow
        && snapshot.location(drop).startsWith("__udp4_lib_")
        && (journey.hops().stream()
                .flatMap(hop -> IpHeader.of(hop).stream())
                .anyMatch(IpHeader::toMany)
            || isBroadcast(key.target(), drop.netns(), snapshot));
  }

  private static boolean isBroadcast(InetAddress target, int netns, Snapshot snapshot) {
    return snapshot.netns(netns).stream()
        .flatMap(facts -> facts.details().linkLayer().addresses().stream())
        .anyMatch(address -> address.isBroadcast(target));
  }

  /** A reply arrived after its reader had gone. */
  private static boolean isLateReply(
      Journey journey, Conversation conversation, Snapshot snapshot) {
    return conversation.key() instanceof ConversationKey.Flow
        && snapshot.reason(journey.last()).equals("NO_SOCKET")
        && conversation.replies().contains(journey);
  }

  /**
   * Returns true if the journey ends in kfree_skb and the names alone show that nothing was lost.
   */
  public boolean isHarmless(Journey journey) {
    Event end = journey.last();
    if (EventNames.reasonNumber(end).stream().anyMatch(reason -> !reasons.isDrop(reason))) {
      return true;
    }
    if (isTaps(end) || isPurged(end) || location(end).equals(UNREAD)) {
      return true;
    }
    Keyed keyed = journey.keyed();
    return switch (keyed.key()) {
      case ConversationKey.Echo _ ->
          keyed.role() == Role.REPLY
              && (isAfterDelivery(end) || (names().isNameless(end) && wasTaken(journey)));
      case ConversationKey.Alone alone ->
          alone.target().isMulticastAddress()
              && (location(end).equals(NOT_JOINED) || isUntimelyReport(end));
      case ConversationKey.Flow _ -> isSegmentOfNoUse(journey, end);
      case ConversationKey.Neighbour neighbour ->
          neighbour.target() instanceof Inet6Address && isDiscovery(end);
    };
  }

  /**
   * A report of a group that the kernel sends for itself, and again a little later (RFC 3376
   * 4.2.1): the first may come before the device has its queue (net/sched/sch_generic.c,
   * noop_qdisc).
   */
  private boolean isUntimelyReport(Event end) {
    return DropSubsystem.of(names(), end) == DropSubsystem.QDISC
        && IpHeader.of(end).filter(header -> header.protocol() == IGMP).isPresent();
  }

  /**
   * Returns true if the packet was in a queue that is gone. A packet that waited for a neighbour,
   * however, is lost by it.
   */
  private boolean isPurged(Event end) {
    return names().reason(end).equals(NeighbourDrops.PURGED)
        && !NeighbourDrops.isAtNeighbour(names(), end);
  }

  private boolean isTaps(Event end) {
    String place = location(end);
    return TAPS.contains(place)
        || (end.ifindex() == 0 && CLOSED.contains(place))
        || names().reason(end).equals(TAP_REASON);
  }

  private boolean isSegmentOfNoUse(Journey journey, Event end) {
    return (IpHeader.is(journey, IpHeader.Kind.SEGMENT)
            || IpHeader.is(journey, IpHeader.Kind.RESET))
        && location(end).startsWith("tcp_")
        && OF_NO_USE.contains(names().reason(end));
  }

  /**
   * Returns true if neighbour discovery has read the packet: up to 6.2 icmpv6_rcv frees with
   * kfree_skb what ndisc_rcv has read (net/ipv6/icmp.c). A solicitation goes to all hosts whose
   * address ends alike.
   */
  private boolean isDiscovery(Event end) {
    String reason = names().reason(end);
    return location(end).equals(NOT_JOINED)
        || ((reason.isEmpty() || reason.equals("NOT_SPECIFIED"))
            && location(end).equals("icmpv6_rcv"));
  }

  private boolean isAfterDelivery(Event end) {
    return switch (names().reason(end)) {
      case "NO_SOCKET" -> true;
      // By the place alone, where the kernel gives no reason that says more.
      case "", "NOT_SPECIFIED" -> AFTER_DELIVERY.contains(location(end));
      default -> !reasons.areNamed() && AFTER_DELIVERY.contains(location(end));
    };
  }

  /**
   * Returns true if a received packet looks like one that a socket took: the socket gets a clone,
   * which leaves a mark on the packet (net/ipv4/raw.c, net/ipv4/ping.c: skb_clone).
   */
  private static boolean wasTaken(Journey journey) {
    return journey.last().isCloned()
        && journey.received().filter(hop -> hop.netns() == journey.last().netns()).isPresent()
        && journey.refusedSourceCheck().isEmpty();
  }

  private String location(Event end) {
    return names().location(end);
  }

  private EventNames names() {
    return new EventNames(reasons, symbols);
  }
}
