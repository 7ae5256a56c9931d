package io.vethtrace.daemon.packet;

/** The payload of an IP header. */
public sealed interface Transport
    permits Icmp, Transport.Ports, Transport.Fragment, Transport.Opaque {

  /** The offset of the control bits in a TCP header (RFC 9293 3.1). */
  int TCP_FLAGS = 13;

  /** One line in tcpdump's words for a packet with this header. */
  String summary(IpPacket ip);

  /**
   * TCP, UDP or another protocol with ports at its start.
   *
   * @param flags TCP's control bits (RFC 9293 3.1); 0 of other protocols, and where they were cut
   *     off
   */
  record Ports(String name, int sourcePort, int destinationPort, int flags) implements Transport {
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;

    /** Creates ports of a protocol without control bits. */
    public Ports(String name, int sourcePort, int destinationPort) {
      this(name, sourcePort, destinationPort, 0);
    }

    /** Returns true if it requests a connection: TCP's SYN without ACK. */
    public boolean isConnect() {
      return (flags & (SYN | ACK | RST)) == SYN;
    }

    /** Returns true if it ends or refuses a connection: TCP's RST. */
    public boolean isReset() {
      return (flags & RST) != 0;
    }

    @Override
    public String summary(IpPacket ip) {
      return "%s %s.%d > %s.%d"
          .formatted(
              name,
              Addresses.text(ip.source()),
              sourcePort,
              Addresses.text(ip.destination()),
              destinationPort);
    }
  }

  /** A later fragment, which has no transport header of its own. */
  record Fragment() implements Transport {
    @Override
    public String summary(IpPacket ip) {
      return "%s fragment".formatted(route(ip));
    }
  }

  /** A protocol that is not read here, or one that was cut off. */
  record Opaque() implements Transport {
    @Override
    public String summary(IpPacket ip) {
      return "%s protocol %d".formatted(route(ip), ip.protocol());
    }
  }

  /** "a > b", for summaries. */
  static String route(IpPacket ip) {
    return "%s > %s".formatted(Addresses.text(ip.source()), Addresses.text(ip.destination()));
  }

  /**
   * The header of {@code protocol} (IANA's protocol numbers) at {@code at}.
   *
   * @param quoted whether an ICMP error quotes it
   */
  static Transport parse(Frame frame, int at, int protocol, boolean quoted) {
    return switch (protocol) {
      case 1 -> Icmp.parse(frame, at, false, quoted);
      case 58 -> Icmp.parse(frame, at, true, quoted);
      case 6 -> tcp(frame, at);
      case 17 -> ports(frame, at, "UDP");
      case 132 -> ports(frame, at, "SCTP");
      default -> new Opaque();
    };
  }

  private static Transport tcp(Frame frame, int at) {
    return frame.holds(at, TCP_FLAGS + 1)
        ? new Ports("TCP", frame.u16Be(at), frame.u16Be(at + 2), frame.u8(at + TCP_FLAGS))
        : ports(frame, at, "TCP");
  }

  private static Transport ports(Frame frame, int at, String name) {
    return frame.holds(at, 4)
        ? new Ports(name, frame.u16Be(at), frame.u16Be(at + 2))
        : new Opaque();
  }
}
