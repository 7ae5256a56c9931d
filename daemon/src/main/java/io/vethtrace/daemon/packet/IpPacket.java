package io.vethtrace.daemon.packet;

import java.net.InetAddress;

/**
 * An IPv4 (RFC 791) or IPv6 (RFC 8200) header and what it carries.
 *
 * @param version 4 or 6
 * @param protocol the protocol number of the payload (of IPv6's first next header)
 * @param identification IPv4's identification; IPv6's flow label
 * @param ttl time to live, or hop limit
 */
public record IpPacket(
    int version,
    InetAddress source,
    InetAddress destination,
    int protocol,
    int identification,
    int ttl,
    Transport transport)
    implements Packet {

  private static final int V4_MIN_BYTES = 20;
  private static final int V6_BYTES = 40;

  /** The header at {@code at}. */
  static Packet parse(Frame frame, int at) {
    return parse(frame, at, false);
  }

  /** The header that an ICMP error quotes; what it quotes itself is not followed. */
  static Packet parseQuoted(Frame frame, int at) {
    return parse(frame, at, true);
  }

  private static Packet parse(Frame frame, int at, boolean quoted) {
    if (!frame.holds(at, 1)) {
      return new UnknownPacket(frame.protocol());
    }
    return switch (frame.u8(at) >> 4) {
      case 4 -> frame.holds(at, V4_MIN_BYTES) ? v4(frame, at, quoted) : unknown(frame);
      case 6 -> frame.holds(at, V6_BYTES) ? v6(frame, at, quoted) : unknown(frame);
      default -> unknown(frame);
    };
  }

  private static Packet unknown(Frame frame) {
    return new UnknownPacket(frame.protocol());
  }

  private static Packet v4(Frame frame, int at, boolean quoted) {
    int headerBytes = (frame.u8(at) & 0xf) * 4;
    if (headerBytes < V4_MIN_BYTES) {
      return unknown(frame); // RFC 791 3.1: a header has five words at least
    }
    int protocol = frame.u8(at + 9);
    boolean first = (frame.u16Be(at + 6) & 0x1fff) == 0;
    return new IpPacket(
        4,
        Addresses.v4(frame, at + 12),
        Addresses.v4(frame, at + 16),
        protocol,
        frame.u16Be(at + 4),
        frame.u8(at + 8),
        first
            ? Transport.parse(frame, at + headerBytes, protocol, quoted)
            : new Transport.Fragment());
  }

  private static IpPacket v6(Frame frame, int at, boolean quoted) {
    int protocol = frame.u8(at + 6);
    return new IpPacket(
        6,
        Addresses.v6(frame, at + 8),
        Addresses.v6(frame, at + 24),
        protocol,
        frame.i32Be(at) & 0xfffff,
        frame.u8(at + 7),
        Transport.parse(frame, at + V6_BYTES, protocol, quoted));
  }

  /**
   * Returns true if it can be {@code original} after NAT, which keeps the fields that are compared
   * here.
   */
  public boolean isTranslationOf(IpPacket original) {
    return version == original.version
        && protocol == original.protocol
        && identification == original.identification
        && transport.getClass() == original.transport.getClass();
  }

  /** Returns true if it requests a TCP connection. */
  public boolean isConnect() {
    return transport instanceof Transport.Ports ports && ports.isConnect();
  }

  /** Returns true if it ends or refuses a TCP connection. */
  public boolean isReset() {
    return transport instanceof Transport.Ports ports && ports.isReset();
  }

  @Override
  public String summary() {
    return transport.summary(this);
  }
}
