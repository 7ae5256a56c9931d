package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Arp;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.packet.Transport;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The IP header and the kind of transport message at one hook. NAT and routers may have changed
 * them since the hop before.
 *
 * @param version 4 or 6
 * @param source the source address
 * @param destination the destination address
 * @param toMany true if the frame's or the packet's destination is a group, broadcast included
 * @param ttl the time to live, or hop limit
 * @param indivisible true if no router may fragment the packet: DF (RFC 791), and always with IPv6
 *     (RFC 8200 5)
 * @param protocol the protocol number of the payload
 * @param transport "TCP", "UDP"; empty for a protocol without ports
 * @param destinationPort 0 for a protocol without ports
 * @param kind the kind of transport message
 */
public record IpHeader(
    int version,
    InetAddress source,
    InetAddress destination,
    boolean toMany,
    int ttl,
    boolean indivisible,
    int protocol,
    String transport,
    int destinationPort,
    Kind kind) {
  private static final int DONT_FRAGMENT = 0x4000; // of the word at byte 6

  /** The kind of message that the transport carries. */
  public enum Kind {
    /** A TCP segment that asks for a connection. */
    CONNECT,
    /** A TCP segment that ends a connection, or refuses one. */
    RESET,
    /** Any other TCP segment. */
    SEGMENT,
    /** An ICMP error: nobody has the port (RFC 792, and RFC 4443 3.1). */
    PORT_UNREACHABLE,
    /** An ICMP error: the time to live was over in transit (RFC 792, and RFC 4443 3.3). */
    TIME_EXCEEDED,
    OTHER
  }

  /** Returns the header that the event shows; empty if the packet is not IP. */
  public static Optional<IpHeader> of(Event event) {
    return Packet.parse(event.frame()) instanceof IpPacket ip
        ? Optional.of(of(ip, event.frame()))
        : Optional.empty();
  }

  private static IpHeader of(IpPacket ip, Frame frame) {
    Transport transport = ip.transport();
    return new IpHeader(
        ip.version(),
        ip.source(),
        ip.destination(),
        frame.isToMany() || ip.destination().isMulticastAddress(),
        ip.ttl(),
        ip.version() == 6 || (frame.u16Be(frame.networkOffset() + 6) & DONT_FRAGMENT) != 0,
        ip.protocol(),
        transport instanceof Transport.Ports ports ? ports.name() : "",
        transport instanceof Transport.Ports ports ? ports.destinationPort() : 0,
        kind(transport));
  }

  private static Kind kind(Transport transport) {
    return switch (transport) {
      case Transport.Ports ports when ports.isReset() -> Kind.RESET;
      case Transport.Ports ports when ports.isConnect() -> Kind.CONNECT;
      case Transport.Ports ports when ports.flags() != 0 -> Kind.SEGMENT;
      case Icmp icmp when is(icmp, icmp.v6() ? 1 : 3, icmp.v6() ? 4 : 3) -> Kind.PORT_UNREACHABLE;
      case Icmp icmp when is(icmp, icmp.v6() ? 3 : 11, 0) -> Kind.TIME_EXCEEDED;
      default -> Kind.OTHER;
    };
  }

  private static boolean is(Icmp icmp, int type, int code) {
    return icmp.type() == type && icmp.code() == code;
  }

  /** Returns true if this journey's packet, as first seen, is of that kind. */
  public static boolean is(Journey journey, Kind kind) {
    return of(journey.first()).filter(header -> header.kind == kind).isPresent();
  }

  /** Returns the source address of an IP packet, or the sender's address in an ARP packet. */
  public static Optional<InetAddress> sourceOrArpSender(Event event) {
    return switch (Packet.parse(event.frame())) {
      case IpPacket ip -> Optional.of(ip.source());
      case Arp arp -> Optional.of(arp.sender());
      default -> Optional.empty();
    };
  }
}
