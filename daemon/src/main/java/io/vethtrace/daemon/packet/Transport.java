package io.vethtrace.daemon.packet;

/** What an IP header carries. */
public sealed interface Transport
    permits Icmp, Transport.Ports, Transport.Fragment, Transport.Opaque {

  /** One line in tcpdump's words for a packet with this header. */
  String summary(Ip ip);

  /** TCP, UDP or another protocol with ports at its start. */
  record Ports(String name, int sourcePort, int destinationPort) implements Transport {
    @Override
    public String summary(Ip ip) {
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
    public String summary(Ip ip) {
      return "%s fragment".formatted(route(ip));
    }
  }

  /** A protocol that is not read here, or one that was cut off. */
  record Opaque() implements Transport {
    @Override
    public String summary(Ip ip) {
      return "%s protocol %d".formatted(route(ip), ip.protocol());
    }
  }

  /** "a > b", for summaries. */
  static String route(Ip ip) {
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
      case 6 -> ports(frame, at, "TCP");
      case 17 -> ports(frame, at, "UDP");
      case 132 -> ports(frame, at, "SCTP");
      default -> new Opaque();
    };
  }

  private static Transport ports(Frame frame, int at, String name) {
    return frame.holds(at, 4)
        ? new Ports(name, frame.u16Be(at), frame.u16Be(at + 2))
        : new Opaque();
  }
}
