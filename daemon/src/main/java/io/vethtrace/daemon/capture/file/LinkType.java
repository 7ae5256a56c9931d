package io.vethtrace.daemon.capture.file;

import io.vethtrace.daemon.packet.EtherType;
import io.vethtrace.daemon.packet.Frame;

/** The link layers whose header is known here (www.tcpdump.org/linktypes.html). */
public final class LinkType {
  /** BSD loopback: an address family in the capturing host's byte order. */
  public static final int NULL = 0;

  public static final int ETHERNET = 1;

  /** IPv4 or IPv6 without anything before it. */
  public static final int RAW = 101;

  public static final int LINUX_SLL = 113;

  public static final int LINUX_SLL2 = 276;

  private static final int NULL_BYTES = 4;
  private static final int ETHERNET_BYTES = 14;
  private static final int SLL_BYTES = 16;
  private static final int SLL2_BYTES = 20;
  private static final int NO_PROTOCOL = 0;

  private static final int SLL2_PACKET_TYPE = 10;
  private static final int OUTGOING = 4; // PACKET_OUTGOING, include/uapi/linux/if_packet.h

  private LinkType() {}

  /** Returns the direction that a "cooked" link type states; otherwise it is unknown. */
  static FrameDirection direction(int linkType, byte[] bytes) {
    return switch (linkType) {
      case LINUX_SLL -> bytes.length < SLL_BYTES ? FrameDirection.UNKNOWN : ofType(u16Be(bytes, 0));
      case LINUX_SLL2 ->
          bytes.length < SLL2_BYTES ? FrameDirection.UNKNOWN : ofType(bytes[SLL2_PACKET_TYPE]);
      default -> FrameDirection.UNKNOWN;
    };
  }

  private static FrameDirection ofType(int packetType) {
    return packetType == OUTGOING ? FrameDirection.OUTBOUND : FrameDirection.INBOUND;
  }

  /** Returns the index of the device, which LINUX_SLL2 keeps with each frame; 0 if unknown. */
  static int ifindex(int linkType, byte[] bytes) {
    return linkType == LINUX_SLL2 && bytes.length >= SLL2_BYTES
        ? u16Be(bytes, 4) << Short.SIZE | u16Be(bytes, 6)
        : 0;
  }

  /** The packet behind the header; of protocol 0 where the header is cut off or not known. */
  static Frame frame(int linkType, byte[] bytes) {
    return switch (linkType) {
      case ETHERNET -> behind(bytes, ETHERNET_BYTES, ETHERNET_BYTES - 2);
      case LINUX_SLL -> behind(bytes, SLL_BYTES, SLL_BYTES - 2);
      case LINUX_SLL2 -> behind(bytes, SLL2_BYTES, 0);
      case NULL -> ip(bytes, NULL_BYTES);
      case RAW -> ip(bytes, 0);
      default -> new Frame(NO_PROTOCOL, 0, bytes);
    };
  }

  private static Frame behind(byte[] bytes, int headerBytes, int protocolAt) {
    return bytes.length < headerBytes
        ? new Frame(NO_PROTOCOL, 0, bytes)
        : new Frame(u16Be(bytes, protocolAt), headerBytes, bytes);
  }

  private static Frame ip(byte[] bytes, int at) {
    int version = bytes.length > at ? bytes[at] >> 4 & 0xf : 0;
    int protocol =
        switch (version) {
          case 4 -> EtherType.IPV4;
          case 6 -> EtherType.IPV6;
          default -> NO_PROTOCOL;
        };
    return new Frame(protocol, at, bytes);
  }

  private static int u16Be(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }
}
