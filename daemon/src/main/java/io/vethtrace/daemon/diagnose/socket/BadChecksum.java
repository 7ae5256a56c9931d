package io.vethtrace.daemon.diagnose.socket;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.PacketChecksum;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The receiver found a checksum wrong. On a kernel without reasons the functions that look at
 * checksums free for other reasons too: there the sum is computed over the captured bytes.
 */
public final class BadChecksum implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.BAD_CHECKSUM,
              Detection.BY_DROP,
              """
              The checksum does not fit the bytes (net/ipv4/ip_input.c, `ip_rcv_core`; \
              icmp.c, `icmp_rcv`; udp.c, tcp_ipv4.c).\
              """,
              """
              The reasons `IP_CSUM`, `ICMP_CSUM`, `UDP_CSUM`, `TCP_CSUM`. Without \
              reasons: the location and the sum over the captured bytes, which does not \
              count for `CHECKSUM_PARTIAL`.\
              """,
              """
              No command: the finding names the hop after which the sum was wrong.\
              """));

  private static final String HEADER = "IP_CSUM";

  /** The protocol whose checksum each reason is about. */
  private static final Map<String, String> OF_REASON =
      Map.of(HEADER, "the IP header", "TCP_CSUM", "TCP", "UDP_CSUM", "UDP", "ICMP_CSUM", "ICMP");

  /** net/ipv4/ip_input.c; ip_rcv where the compiler put the other one into it. */
  private static final Set<String> HEADER_LOCATIONS = Set.of("ip_rcv_core", "ip_rcv");

  private static final Map<String, String> REASON_OF_LOCATION =
      Map.of(
          "icmp_rcv", "ICMP_CSUM",
          "icmpv6_rcv", "ICMP_CSUM",
          "__udp4_lib_rcv", "UDP_CSUM",
          "__udp6_lib_rcv", "UDP_CSUM",
          "udp_queue_rcv_one_skb", "UDP_CSUM",
          "udpv6_queue_rcv_one_skb", "UDP_CSUM",
          "tcp_v4_rcv", "TCP_CSUM",
          "tcp_v6_rcv", "TCP_CSUM");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .flatMap(journey ->
            kind(view, journey.last()).stream().map(kind -> finding(view, journey, kind)))
        .findFirst();
  }

  /** The reason, or the one that a later kernel would give; empty for another drop. */
  private static Optional<String> kind(ConversationView view, Event drop) {
    String reason = view.snapshot().reason(drop);
    return switch (reason) {
      case "", "NOT_SPECIFIED" -> computed(view.snapshot().location(drop), drop);
      default -> Optional.of(reason).filter(OF_REASON::containsKey);
    };
  }

  private static Optional<String> computed(String place, Event drop) {
    if (HEADER_LOCATIONS.contains(place)) {
      return Optional.of(HEADER).filter(_ -> PacketChecksum.IP_HEADER.isWrong(drop));
    }
    return Optional.ofNullable(REASON_OF_LOCATION.get(place))
        .filter(_ -> PacketChecksum.TRANSPORT.isWrong(drop));
  }

  private static Finding finding(ConversationView view, Journey journey, String kind) {
    Event drop = journey.last();
    String layer = OF_REASON.getOrDefault(kind, kind);
    FindingBuilder builder =
        new FindingBuilder(Cause.BAD_CHECKSUM, Verdict.DROPPED, Confidence.OBSERVED)
            .title("the checksum of %s is wrong in what %s received", layer, drop.ifname())
            .explanation(
                "The receiver computes the checksum of %s and drops a packet whose bytes do not fit"
                    + " it. Something on the way damages the packet, or rewrites it and forgets the"
                    + " checksum: a rule of nftables or tc (pedit without csum), a program of XDP"
                    + " or tc, a device that offloads what it cannot compute.",
                layer)
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    proveSums(builder, journey, kind.equals(HEADER));
    builder.proves(Evidence.Kind.PACKETS, "dropped: %s", journey.summary());
    return builder.at(drop, journey, view, view.drops().size());
  }

  private static void proveSums(FindingBuilder builder, Journey journey, boolean ofHeader) {
    PacketChecksum checksum = ofHeader ? PacketChecksum.IP_HEADER : PacketChecksum.TRANSPORT;
    if (checksum.isWrong(journey.last())) {
      builder.proves(
          Evidence.Kind.PACKETS, "computed over the captured bytes, the checksum is wrong");
    }
    journey.hops().reversed().stream()
        .filter(hop -> !(hop instanceof Event.SkbFree))
        .filter(checksum::isUnharmed)
        .findFirst()
        .ifPresent(hop ->
            builder.proves(
                Evidence.Kind.PACKETS,
                "at %s on %s it was still right: it was changed after that",
                hop.hook().kernelName(),
                hop.ifname()));
    journey.hops().stream()
        .filter(hop -> !(hop instanceof Event.SkbFree))
        .findFirst()
        .filter(checksum::isWrong)
        .ifPresent(hop ->
            builder.proves(
                Evidence.Kind.PACKETS,
                "it was wrong already at %s on %s, where the packet was first seen",
                hop.hook().kernelName(),
                hop.ifname()));
  }
}
