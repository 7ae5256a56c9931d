package io.vethtrace.daemon.serve;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.packet.Arp;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.packet.Transport;
import io.vethtrace.daemon.packet.UnknownPacket;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.select.ProtocolNames;
import io.vethtrace.v1.Flow;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes messages of the flows of a packet. */
final class FlowMessages {
  private FlowMessages() {}

  /**
   * Returns the flow at the first hop, and those that address translation made of it on the way.
   */
  static List<Flow> of(Journey journey) {
    List<Flow> flows = new ArrayList<>(1);
    of(journey.packet()).ifPresent(flows::add);
    Frame known = journey.first().frame();
    for (Event hop : journey.hops()) {
      if (!hop.frame().hasSameEnds(known)) {
        known = hop.frame();
        translation(Packet.parse(known), journey)
            .flatMap(FlowMessages::of)
            .filter(flow -> !flows.contains(flow))
            .ifPresent(flows::add);
      }
    }
    return flows;
  }

  /** Returns a later form of the journey's packet; empty for another one: a tunnel shows two. */
  private static Optional<Packet> translation(Packet later, Journey journey) {
    return later instanceof IpPacket ip
            && journey.packet() instanceof IpPacket first
            && ip.isTranslationOf(first)
        ? Optional.of(ip)
        : Optional.empty();
  }

  /** Returns the flow of an IP or ARP packet; empty for any other. */
  static Optional<Flow> of(Packet packet) {
    return switch (packet) {
      case Arp arp -> Optional.of(flow(ProtocolNames.ARP, arp.sender(), arp.target()).build());
      case IpPacket ip -> Optional.of(of(ip));
      case UnknownPacket _ -> Optional.empty();
    };
  }

  private static Flow of(IpPacket ip) {
    Flow.Builder flow = flow(ProtocolNames.name(ip.protocol()), ip.source(), ip.destination());
    if (ip.transport() instanceof Transport.Ports ports) {
      flow.setSourcePort(ports.sourcePort()).setDestinationPort(ports.destinationPort());
    }
    return flow.build();
  }

  private static Flow.Builder flow(String protocol, InetAddress source, InetAddress destination) {
    return Flow.newBuilder()
        .setProtocol(protocol)
        .setSource(InetAddresses.toAddrString(source))
        .setDestination(InetAddresses.toAddrString(destination));
  }
}
