package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Arp;
import io.vethtrace.daemon.packet.EtherType;
import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.packet.Transport;
import io.vethtrace.daemon.packet.UnknownPacket;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The header fields of a packet as one hook saw it (NAT changes them on the way), by the names that
 * nft gives them: "ip saddr", "tcp dport", "meta l4proto". Numbers are {@link Long}, addresses
 * {@link InetAddress}.
 */
public final class NftFields {
  private static final long NFPROTO_IPV4 = 2; // linux/netfilter.h
  private static final long NFPROTO_ARP = 3;
  private static final long NFPROTO_IPV6 = 10;

  /** Extension headers of IPv6, behind which the transport is not looked for (RFC 8200 4.1). */
  private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 60);

  private final Map<String, Object> values = new HashMap<>();
  private final Set<String> protocols = new HashSet<>(Set.of("ether"));
  private final int etherType;
  private final String summary;
  private boolean transportRead;

  private NftFields(int etherType, Packet packet) {
    this.etherType = etherType;
    summary = packet.summary();
    put("ether type", etherType);
    put("meta protocol", etherType);
    switch (packet) {
      case Arp arp -> arp(arp);
      case IpPacket ip -> ip(ip);
      case UnknownPacket _ -> {}
    }
  }

  public static NftFields of(Event event) {
    return new NftFields(event.frame().protocol(), Packet.parse(event.frame()));
  }

  /** The field's value; empty where it is not there or not read. */
  public Optional<Object> value(String field) {
    return Optional.ofNullable(values.get(field));
  }

  /** A number field's value; 0 where it is not there. */
  public long number(String field) {
    return values.get(field) instanceof Long number ? number : 0;
  }

  /** An address field's value. */
  public Optional<InetAddress> address(String field) {
    return values.get(field) instanceof InetAddress address
        ? Optional.of(address)
        : Optional.empty();
  }

  /** Returns true if the packet has, or may have, a header of this protocol. */
  public boolean mayHave(String protocol) {
    return protocols.contains(protocol) || (!transportRead && !isNetworkProtocol(protocol));
  }

  /** EtherType of the network header. */
  public int etherType() {
    return etherType;
  }

  public boolean isArp() {
    return etherType == EtherType.ARP;
  }

  public boolean isIpv6() {
    return etherType == EtherType.IPV6;
  }

  /** The packet in tcpdump's words. */
  public String summary() {
    return summary;
  }

  private static boolean isNetworkProtocol(String protocol) {
    return Set.of("ether", "arp", "ip", "ip6", "vlan").contains(protocol);
  }

  private void put(String field, long value) {
    values.put(field, value);
  }

  private void arp(Arp arp) {
    protocols.add("arp");
    transportRead = true;
    put("meta nfproto", NFPROTO_ARP);
    put("arp operation", arp.operation());
    values.put("arp saddr ip", arp.sender());
    values.put("arp daddr ip", arp.target());
  }

  private void ip(IpPacket ip) {
    boolean v4 = ip.version() == 4;
    String name = v4 ? "ip" : "ip6";
    protocols.add(name);
    put("meta nfproto", v4 ? NFPROTO_IPV4 : NFPROTO_IPV6);
    put(v4 ? "ip version" : "ip6 version", ip.version());
    put(v4 ? "ip protocol" : "ip6 nexthdr", ip.protocol());
    put(v4 ? "ip ttl" : "ip6 hoplimit", ip.ttl());
    values.put(name + " saddr", ip.source());
    values.put(name + " daddr", ip.destination());
    if (v4 || !EXTENSIONS.contains(ip.protocol())) {
      put("meta l4proto", ip.protocol());
      transport(ip.transport());
    }
  }

  private void transport(Transport transport) {
    switch (transport) {
      case Transport.Ports ports -> {
        String name = ports.name().toLowerCase(Locale.ROOT);
        ports(name, ports);
        ports("th", ports);
      }
      case Icmp icmp -> {
        String name = icmp.v6() ? "icmpv6" : "icmp";
        known(name);
        put(name + " type", icmp.type());
        put(name + " code", icmp.code());
      }
      case Transport.Fragment _, Transport.Opaque _ -> {}
    }
  }

  private void ports(String name, Transport.Ports ports) {
    known(name);
    put(name + " sport", ports.sourcePort());
    put(name + " dport", ports.destinationPort());
  }

  private void known(String protocol) {
    protocols.add(protocol);
    transportRead = true;
  }
}
