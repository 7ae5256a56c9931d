package io.vethtrace.daemon.packet;

/** The headers of a packet, as far as they were captured and are known here. */
public sealed interface Packet permits Arp, IpPacket, UnknownPacket {

  /** One line in tcpdump's words. */
  String summary();

  /**
   * The headers at the frame's network header. Never fails: what is truncated or unknown comes back
   * as {@link UnknownPacket}.
   */
  static Packet parse(Frame frame) {
    return switch (frame.protocol()) {
      case EtherType.ARP -> Arp.parse(frame);
      case EtherType.IPV4, EtherType.IPV6 -> IpPacket.parse(frame, frame.networkOffset());
      default -> new UnknownPacket(frame.protocol());
    };
  }
}
