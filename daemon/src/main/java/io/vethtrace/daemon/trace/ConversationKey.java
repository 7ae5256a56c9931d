package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Arp;
import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.packet.Transport;
import io.vethtrace.daemon.packet.UnknownPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The key that the packets of one conversation share in both directions. Namespaces are not part of
 * it: containers use the same addresses, and {@link Conversations} tells those apart.
 */
public sealed interface ConversationKey {
  /** The target of an echo request that several hosts may answer; nobody has this address. */
  InetAddress ANYBODY = new InetSocketAddress(0).getAddress();

  /** IPv4's "to all on this link" (RFC 919, 7). */
  InetAddress LIMITED_BROADCAST = InetAddress.ofLiteral("255.255.255.255");

  /** Returns the address that sends the requests. */
  InetAddress requester();

  /** Returns the address that the requests are sent to. */
  InetAddress target();

  /**
   * An ARP request and its reply, or a neighbour solicitation and its advertisement: {@code
   * requester} wants to know who has {@code target}.
   */
  record Neighbour(InetAddress requester, InetAddress target) implements ConversationKey {}

  /** An echo and its reply. */
  record Echo(InetAddress requester, InetAddress target, int identifier, int sequence)
      implements ConversationKey {

    /** The same echo, answered by whoever got it: by this name an echo to many is known too. */
    public Echo byAnybody() {
      return new Echo(requester, ANYBODY, identifier, sequence);
    }

    boolean isByAnybody() {
      return target.equals(ANYBODY);
    }
  }

  /** Packets between two endpoints, as the first of them went. */
  record Flow(
      InetAddress requester, InetAddress target, int protocol, int requesterPort, int targetPort)
      implements ConversationKey {}

  /** A packet of which nothing can be expected: an announcement, an unknown protocol. */
  record Alone(InetAddress requester, InetAddress target, String summary)
      implements ConversationKey {}

  /** A packet's role in its conversation. */
  enum Role {
    REQUEST,
    REPLY,
    /** An ICMP error that quotes the conversation's packet. */
    ERROR
  }

  /** A key, and the role that the packet plays under it. */
  record Keyed(ConversationKey key, Role role) {}

  /** The conversation that a packet belongs to. A flow's first packet is taken for the request. */
  static Keyed of(Packet packet) {
    return switch (packet) {
      case Arp arp when arp.isReply() ->
          new Keyed(new Neighbour(arp.target(), arp.sender()), Role.REPLY);
      case Arp arp when arp.isRequest() && !arp.isAnnouncement() ->
          new Keyed(new Neighbour(arp.sender(), arp.target()), Role.REQUEST);
      case Arp arp -> alone(arp.sender(), arp.target(), packet);
      case IpPacket ip -> ofIp(ip);
      case UnknownPacket unknown ->
          alone(InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress(), unknown);
    };
  }

  private static Keyed ofIp(IpPacket ip) {
    return switch (ip.transport()) {
      case Icmp icmp when icmp.quoted() != null -> new Keyed(of(icmp.quoted()).key(), Role.ERROR);
      case Icmp icmp when icmp.isEcho() ->
          new Keyed(
              new Echo(ip.source(), ip.destination(), icmp.identifier(), icmp.sequence()),
              Role.REQUEST);
      case Icmp icmp when icmp.isEchoReply() ->
          new Keyed(
              new Echo(ip.destination(), ip.source(), icmp.identifier(), icmp.sequence()),
              Role.REPLY);
      case Icmp icmp when icmp.neighbour() != null -> ofNeighbour(ip, icmp, icmp.neighbour());
      case Transport.Ports ports when !isToMany(ip.destination()) ->
          new Keyed(
              new Flow(
                  ip.source(),
                  ip.destination(),
                  ip.protocol(),
                  ports.sourcePort(),
                  ports.destinationPort()),
              Role.REQUEST);
      default -> alone(ip.source(), ip.destination(), ip);
    };
  }

  /**
   * Neighbour discovery (RFC 4861). A solicitation from the unspecified address only asks whether
   * an address is free (RFC 4862 5.4), and an advertisement to all answers nobody: neither expects
   * an answer.
   */
  private static Keyed ofNeighbour(IpPacket ip, Icmp icmp, InetAddress neighbour) {
    if (icmp.isNeighbourSolicitation()) {
      return ip.source().isAnyLocalAddress()
          ? alone(ip.source(), ip.destination(), ip)
          : new Keyed(new Neighbour(ip.source(), neighbour), Role.REQUEST);
    }
    return ip.destination().isMulticastAddress()
        ? alone(ip.source(), ip.destination(), ip)
        : new Keyed(new Neighbour(ip.destination(), neighbour), Role.REPLY);
  }

  /** Multicast, or {@link #LIMITED_BROADCAST}: nobody in particular is to answer. */
  private static boolean isToMany(InetAddress destination) {
    return destination.isMulticastAddress() || destination.equals(LIMITED_BROADCAST);
  }

  /** The same flow as its other end names it; other keys have one name only. */
  default ConversationKey reversed() {
    return this instanceof Flow f
        ? new Flow(f.target, f.requester, f.protocol, f.targetPort, f.requesterPort)
        : this;
  }

  private static Keyed alone(InetAddress from, InetAddress to, Packet packet) {
    return new Keyed(new Alone(from, to, packet.summary()), Role.REQUEST);
  }
}
