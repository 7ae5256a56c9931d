package io.vethtrace.daemon.diagnose;

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
final class RouteRefused implements Rule {
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
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> PLACES.contains(question.snapshot().place(journey.last())))
        .flatMap(journey -> finding(question, journey).stream())
        .findFirst();
  }

  private static Optional<Finding> finding(Case question, Journey journey) {
    Event drop = journey.last();
    return RouteQuestions.way(journey, drop)
        .flatMap(query -> RouteVerdict.of(question, drop.netns(), query))
        .map(verdict -> finding(question, journey, verdict));
  }

  private static Finding finding(Case question, Journey journey, RouteVerdict verdict) {
    Event drop = journey.last();
    return verdict
        .draft(Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(question.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", Words.freed(question, journey))
        .at(drop, journey, question, question.conversation().requestCount());
  }
}
