package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel dropped a packet where one without a route ends: ip_error (net/ipv4/route.c),
 * ip6_pkt_discard and ip6_pkt_prohibit (net/ipv6/route.c), dst_discard (net/core/dst.c). The place
 * is the same for all kinds of routes that refuse, so the kernel is asked which it was.
 */
public final class DropWithoutRoute implements Rule {
  /** Some are inlined into others by some compilers. */
  private static final Set<String> PLACES =
      Set.of(
          "ip_error",
          "ip6_pkt_drop",
          "ip6_pkt_discard",
          "ip6_pkt_discard_out",
          "ip6_pkt_prohibit",
          "ip6_pkt_prohibit_out",
          "dst_discard",
          "dst_discard_out");

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .filter(journey -> PLACES.contains(view.snapshot().location(journey.last())))
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    return RouteQueries.way(journey, drop)
        .flatMap(query -> RouteRefusal.of(view, drop.netns(), query))
        .map(verdict -> finding(view, journey, verdict));
  }

  private static Finding finding(ConversationView view, Journey journey, RouteRefusal verdict) {
    Event drop = journey.last();
    return verdict
        .draft(Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.freed(view, journey))
        .at(drop, journey, view, view.conversation().requestCount());
  }
}
