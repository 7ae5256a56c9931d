package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Arp;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.Ip;
import io.vethtrace.daemon.packet.Packet;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The IP header as one hook saw it, which address translation and routers change on the way.
 *
 * @param version 4 or 6
 * @param ttl time to live, or hop limit
 * @param indivisible no router may fragment it: DF (RFC 791), and always with IPv6 (RFC 8200 5)
 */
public record IpHeader(
    int version, InetAddress source, InetAddress destination, int ttl, boolean indivisible) {
  private static final int MAC_HEADER_BYTES = 14; // ETH_HLEN, include/uapi/linux/if_ether.h
  private static final int MAC_BYTES = 6;
  private static final int DONT_FRAGMENT = 0x4000; // of the word at byte 6

  /** Empty where the packet is none of IP. */
  public static Optional<IpHeader> of(Event event) {
    return Packet.parse(event.frame()) instanceof Ip ip
        ? Optional.of(of(ip, event.frame()))
        : Optional.empty();
  }

  private static IpHeader of(Ip ip, Frame frame) {
    boolean indivisible =
        ip.version() == 6 || (frame.u16Be(frame.networkOffset() + 6) & DONT_FRAGMENT) != 0;
    return new IpHeader(ip.version(), ip.source(), ip.destination(), ip.ttl(), indivisible);
  }

  /** The source address, an ARP packet's sender too. */
  public static Optional<InetAddress> sender(Event event) {
    return switch (Packet.parse(event.frame())) {
      case Ip ip -> Optional.of(ip.source());
      case Arp arp -> Optional.of(arp.sender());
      default -> Optional.empty();
    };
  }

  /** The hardware address that the frame came from; empty where its Ethernet header is gone. */
  public static Optional<String> sourceMac(Event event) {
    return event.frame().networkOffset() == MAC_HEADER_BYTES
        ? Optional.of(
            HexFormat.ofDelimiter(":").formatHex(event.frame().copy(MAC_BYTES, MAC_BYTES)))
        : Optional.empty();
  }
}
