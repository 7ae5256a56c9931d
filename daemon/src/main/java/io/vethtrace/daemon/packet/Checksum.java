package io.vethtrace.daemon.packet;

import org.jspecify.annotations.Nullable;

/** The correctness of a packet's checksums, computed over its captured bytes (RFC 1071). */
public enum Checksum {
  RIGHT,
  /**
   * Left to a device by CHECKSUM_PARTIAL (include/linux/skbuff.h): only the pseudo header's sum.
   */
  PARTIAL,
  WRONG,
  /** The checksum cannot be tested: not all bytes were captured, or the packet has none. */
  UNKNOWN;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP6 = 58;
  private static final int ICMP = 1;

  /** The bytes that a transport's sum covers, and those of its pseudo header (RFC 9293 3.1). */
  private record Span(
      Frame frame, int start, int count, int protocol, int addresses, int addressBytes) {

    boolean isCaptured() {
      return count >= 8 && frame.holds(start, count);
    }

    int pseudoSum() {
      return protocol == ICMP
          ? 0
          : sum(frame, addresses, 2 * addressBytes) + protocol + (count >>> 16) + (count & 0xffff);
    }

    int stored() {
      return switch (protocol) {
        case TCP -> frame.u16Be(start + 16);
        case UDP -> frame.u16Be(start + 6);
        default -> frame.u16Be(start + 2);
      };
    }
  }

  /** Tests the checksum of the IPv4 header (RFC 791 3.1). */
  public static Checksum ofHeader(Frame frame) {
    int at = frame.networkOffset();
    if (frame.protocol() != EtherType.IPV4 || !frame.holds(at, 20)) {
      return UNKNOWN;
    }
    int bytes = (frame.u8(at) & 0xf) * 4;
    if (!frame.holds(at, bytes)) {
      return UNKNOWN;
    }
    return fold(sum(frame, at, bytes)) == 0xffff ? RIGHT : WRONG;
  }

  /** Tests the checksum of TCP, UDP, ICMP or ICMPv6, if the whole packet was captured. */
  public static Checksum ofTransport(Frame frame) {
    Span span =
        switch (frame.protocol()) {
          case EtherType.IPV4 -> v4(frame);
          case EtherType.IPV6 -> v6(frame);
          default -> null;
        };
    if (span == null || !span.isCaptured()) {
      return UNKNOWN;
    }
    return switch (span.protocol) {
      case TCP, UDP -> span.protocol == UDP && span.stored() == 0 ? RIGHT : withPartial(span);
      case ICMP, ICMP6 -> whole(span);
      default -> UNKNOWN;
    };
  }

  private static Checksum withPartial(Span span) {
    Checksum whole = whole(span);
    return whole == WRONG && span.stored() == fold(span.pseudoSum()) ? PARTIAL : whole;
  }

  private static Checksum whole(Span span) {
    int sum = span.pseudoSum() + sum(span.frame, span.start, span.count);
    return fold(sum) == 0xffff ? RIGHT : WRONG;
  }

  private static @Nullable Span v4(Frame frame) {
    int at = frame.networkOffset();
    // A fragment has a part of what the sum covers.
    if (!frame.holds(at, 20) || (frame.u16Be(at + 6) & 0x3fff) != 0) {
      return null;
    }
    int header = (frame.u8(at) & 0xf) * 4;
    int count = frame.u16Be(at + 2) - header;
    return new Span(frame, at + header, count, frame.u8(at + 9), at + 12, Addresses.V4_BYTES);
  }

  private static @Nullable Span v6(Frame frame) {
    int at = frame.networkOffset();
    return frame.holds(at, 40)
        ? new Span(
            frame, at + 40, frame.u16Be(at + 4), frame.u8(at + 6), at + 8, Addresses.V6_BYTES)
        : null;
  }

  /** Adds at most 64 KiB, so that an int can contain the sum. */
  private static int sum(Frame frame, int start, int count) {
    int sum = 0;
    for (int i = 0; i + 1 < count; i += 2) {
      sum += frame.u16Be(start + i);
    }
    return count % 2 == 0 ? sum : sum + (frame.u8(start + count - 1) << 8);
  }

  private static int fold(int sum) {
    int folded = (sum & 0xffff) + (sum >>> 16);
    return (folded & 0xffff) + (folded >>> 16);
  }
}
