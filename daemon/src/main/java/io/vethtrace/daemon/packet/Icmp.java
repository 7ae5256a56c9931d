package io.vethtrace.daemon.packet;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * ICMP (RFC 792) or ICMPv6 (RFC 4443).
 *
 * @param identifier of an echo or its reply; else 0
 * @param sequence of an echo or its reply; else 0
 * @param quoted the packet that an error message quotes; null in other messages
 * @param neighbour the address that a neighbour solicitation asks for, or an advertisement is about
 *     (RFC 4861 4.3, 4.4); null in other messages
 */
public record Icmp(
    boolean v6,
    int type,
    int code,
    int identifier,
    int sequence,
    @Nullable IpPacket quoted,
    @Nullable InetAddress neighbour)
    implements Transport {
  private static final int HEADER_BYTES = 8;
  private static final int V6_ADDRESS_BYTES = 16;
  private static final int NEIGHBOUR_SOLICITATION = 135; // RFC 4861 4.3
  private static final int NEIGHBOUR_ADVERTISEMENT = 136; // RFC 4861 4.4

  /** A message that is not about a neighbour. */
  public Icmp(
      boolean v6, int type, int code, int identifier, int sequence, @Nullable IpPacket quoted) {
    this(v6, type, code, identifier, sequence, quoted, null);
  }

  static Transport parse(Frame frame, int at, boolean v6, boolean isQuoted) {
    if (!frame.holds(at, HEADER_BYTES)) {
      return new Opaque();
    }
    int type = frame.u8(at);
    int code = frame.u8(at + 1);
    if (isError(v6, type)) {
      // No error is sent about an error (RFC 1122 3.2.2, RFC 4443 2.4): a quote is not followed on.
      return new Icmp(v6, type, code, 0, 0, isQuoted ? null : quoted(frame, at + HEADER_BYTES));
    }
    if (v6 && (type == NEIGHBOUR_SOLICITATION || type == NEIGHBOUR_ADVERTISEMENT)) {
      return new Icmp(true, type, code, 0, 0, null, neighbour(frame, at + HEADER_BYTES));
    }
    boolean echo = isEchoOrReply(v6, type);
    int identifier = echo ? frame.u16Be(at + 4) : 0;
    int sequence = echo ? frame.u16Be(at + 6) : 0;
    return new Icmp(v6, type, code, identifier, sequence, null);
  }

  private static @Nullable IpPacket quoted(Frame frame, int at) {
    return IpPacket.parseQuoted(frame, at) instanceof IpPacket ip ? ip : null;
  }

  private static @Nullable InetAddress neighbour(Frame frame, int at) {
    return frame.holds(at, V6_ADDRESS_BYTES) ? Addresses.v6(frame, at) : null;
  }

  static boolean isError(boolean v6, int type) {
    // RFC 4443 2.1: types below 128 are errors. RFC 792: 3, 4, 5, 11 and 12 quote a packet.
    return v6 ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  }

  static boolean isEchoOrReply(boolean v6, int type) {
    return isEcho(v6, type) || isEchoReply(v6, type);
  }

  private static boolean isEcho(boolean v6, int type) {
    return type == (v6 ? 128 : 8);
  }

  private static boolean isEchoReply(boolean v6, int type) {
    return type == (v6 ? 129 : 0);
  }

  public boolean isEcho() {
    return isEcho(v6, type);
  }

  public boolean isEchoReply() {
    return isEchoReply(v6, type);
  }

  /** Returns true if it asks for the hardware address of {@link #neighbour}. */
  public boolean isNeighbourSolicitation() {
    return v6 && type == NEIGHBOUR_SOLICITATION;
  }

  public boolean isError() {
    return isError(v6, type);
  }

  /** "host unreachable"; its numbers where it has no name. */
  public String message() {
    return IcmpMessage.name(v6, type, code);
  }

  @Override
  public String summary(IpPacket ip) {
    String name = v6 ? "ICMP6" : "ICMP";
    String what;
    if (isEcho()) {
      what = "echo request, id %d, seq %d".formatted(identifier, sequence);
    } else if (isEchoReply()) {
      what = "echo reply, id %d, seq %d".formatted(identifier, sequence);
    } else if (neighbour != null) {
      what =
          "neighbor %s, %s %s"
              .formatted(
                  isNeighbourSolicitation() ? "solicitation" : "advertisement",
                  isNeighbourSolicitation() ? "who has" : "tgt is",
                  Addresses.text(neighbour));
    } else {
      what = message() + (quoted == null ? "" : " for " + quoted.summary());
    }
    return "%s %s, %s".formatted(name, Transport.route(ip), what);
  }
}
