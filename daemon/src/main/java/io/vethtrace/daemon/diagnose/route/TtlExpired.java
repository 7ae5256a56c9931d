package io.vethtrace.daemon.diagnose.route;

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
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.Set;

/**
 * A router counted the time to live down to nothing (ip_forward, net/ipv4/ip_forward.c;
 * ip6_forward, net/ipv6/ip6_output.c). The reason is IP_INHDR on kernels with reasons, which other
 * drops have too; the TTL itself shows the cause.
 */
public final class TtlExpired implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.TTL_EXPIRED,
              Detection.BY_DROP,
              """
              A router counts the TTL down to 0 (`ip_forward`, `ip6_forward`).\
              """,
              """
              The drop there with a TTL of 1 or less. It is no fault if a packet with a \
              greater TTL was answered, as with traceroute.\
              """,
              "No command."));

  private static final Set<String> LOCATIONS = Set.of("ip_forward", "ip6_forward");

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
        .filter(journey -> LOCATIONS.contains(view.snapshot().location(journey.last())))
        .flatMap(journey -> expired(journey).map(ip -> finding(view, journey, ip)).stream())
        .findFirst();
  }

  private static Optional<IpHeader> expired(Journey journey) {
    return IpHeader.of(journey.last()).filter(ip -> ip.ttl() <= 1);
  }

  private static Finding finding(ConversationView view, Journey journey, IpHeader ip) {
    Event drop = journey.last();
    int sent = view.packets().mapToInt(TtlExpired::firstTtl).max().orElse(ip.ttl());
    String name = ip.version() == 4 ? "TTL" : "hop limit";
    return new FindingBuilder(Cause.TTL_EXPIRED, Verdict.DROPPED, Confidence.OBSERVED)
        .title("the %s of a packet that %s was to forward is used up", name, drop.ifname())
        .explanation("%s", explanation(view, journey, name, sent))
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(
            Evidence.Kind.PACKETS, "%s %d at the drop, %d when first seen", name, ip.ttl(), sent)
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop))
        .at(drop, journey, view, view.conversation().requestCount());
  }

  private static int firstTtl(Journey journey) {
    return IpHeader.of(journey.first()).map(IpHeader::ttl).orElse(0);
  }

  private static String explanation(ConversationView view, Journey journey, String name, int sent) {
    long passes = passes(view, journey.last());
    String why =
        passes > 1
            ? "It came in by %s %d times: routers send it in a circle, and the routes to its destination have to be put right."
                .formatted(journey.last().ifname(), passes)
            : "It was %d when the packet was first seen: the sender must start with more, or the way be shorter."
                .formatted(sent);
    return "Each router counts the %s down and drops the packet at 0. %s".formatted(name, why);
  }

  /** Counts how often its packets came in by the device where they ended. */
  private static long passes(ConversationView view, Event drop) {
    return view.conversation().requests().stream()
        .flatMap(journey -> journey.hops().stream())
        .filter(hop -> hop.hook() == Hook.NETIF_RECEIVE_SKB)
        .filter(hop -> hop.netns() == drop.netns() && hop.ifindex() == drop.ifindex())
        .count();
  }
}
