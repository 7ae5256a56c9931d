package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.Ip;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.packet.Transport;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What the rules ask of an IP packet's headers as one hook saw them: NAT may have changed them
 * since the hop before.
 *
 * @param version 4 or 6
 * @param toMany whether the frame or the address is one of a group, broadcast included
 * @param transport "TCP", "UDP"; empty for a protocol without ports
 * @param port the destination's; 0 for a protocol without ports
 */
public record HeaderProperties(
    int version,
    InetAddress source,
    InetAddress destination,
    boolean toMany,
    int protocol,
    String transport,
    int port,
    Kind kind) {

  /** What the packet is in its protocol. */
  public enum Kind {
    /** TCP: asks for a connection. */
    CONNECT,
    /** TCP: ends a connection, or refuses one. */
    RESET,
    /** TCP: anything else. */
    SEGMENT,
    /** An ICMP error: nobody has the port (RFC 792, and RFC 4443 3.1). */
    PORT_UNREACHABLE,
    /** An ICMP error: the time to live was over in transit (RFC 792, and RFC 4443 3.3). */
    TIME_EXCEEDED,
    OTHER
  }

  /** Empty where the packet is none of IP. */
  public static Optional<HeaderProperties> of(Event hop) {
    return Packet.parse(hop.frame()) instanceof Ip ip
        ? Optional.of(of(ip, hop.frame().isToMany() || ip.destination().isMulticastAddress()))
        : Optional.empty();
  }

  private static HeaderProperties of(Ip ip, boolean toMany) {
    String transport = ip.transport() instanceof Transport.Ports ports ? ports.name() : "";
    int port = ip.transport() instanceof Transport.Ports ports ? ports.destinationPort() : 0;
    return new HeaderProperties(
        ip.version(),
        ip.source(),
        ip.destination(),
        toMany,
        ip.protocol(),
        transport,
        port,
        kind(ip.transport()));
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

  /** Whether this journey's packet, as first seen, is of that kind. */
  public static boolean is(Journey journey, Kind kind) {
    return of(journey.first()).filter(header -> header.kind == kind).isPresent();
  }
}
