package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel dropped a packet where one without a route ends: ip_error (net/ipv4/route.c),
 * ip6_pkt_discard and ip6_pkt_prohibit (net/ipv6/route.c), dst_discard (net/core/dst.c). The
 * location is the same for all kinds of refusing routes, so a route query shows which kind it was.
 */
public final class DropWithoutRoute implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.NO_ROUTE,
                  Detection.BY_DROP,
                  """
                  No table that the rules of policy routing select covers the destination. A \
                  program gets ENETUNREACH. A router drops in `ip_error` (net/ipv4/route.c) \
                  or `ip6_pkt_discard` (net/ipv6/route.c) and sends an ICMP error. A host \
                  whose reply has no route sends nothing (`icmp_push_reply`, \
                  `tcp_conn_request`).\
                  """,
                  """
                  The location of the drop, or a failed look-up of a program (tracepoints \
                  `fib_table_lookup`, `fib6_table_lookup`), and the kernel's answer to \
                  RTM_GETROUTE in that namespace. For a reply that never left: the request \
                  was delivered, no reply was seen, and that answer (INFERRED).\
                  """,
                  """
                  A route. It is printed if the packet shows the way back; otherwise its \
                  gateway must be known.\
                  """),
              new DeclaredCause(
                  Cause.BLACKHOLE_ROUTE,
                  Detection.BY_DROP,
                  """
                  A route or a policy rule has the type blackhole: a program gets EINVAL, a \
                  router drops without an error (`ip_error`, `dst_discard`).\
                  """,
                  """
                  The same facts as for NO_ROUTE, the policy rules, and the longest match in \
                  their tables.\
                  """,
                  "`ip route del blackhole …`, `ip rule del …`."),
              new DeclaredCause(
                  Cause.UNREACHABLE_ROUTE,
                  Detection.BY_DROP,
                  """
                  A route or a policy rule has the type unreachable: EHOSTUNREACH for a \
                  route, ENETUNREACH for a rule (net/ipv4/fib_rules.c, `fib4_rule_action`).\
                  """,
                  "The same facts as for BLACKHOLE_ROUTE.",
                  "`ip route del unreachable …`, `ip rule del …`."),
              new DeclaredCause(
                  Cause.PROHIBITED_ROUTE,
                  Detection.BY_DROP,
                  """
                  A route or a policy rule has the type prohibit: EACCES, and the ICMP error \
                  "administratively prohibited".\
                  """,
                  "The same facts as for BLACKHOLE_ROUTE.",
                  "`ip route del prohibit …`, `ip rule del …`."))
          .needing(RouteQueries.OF_DROPS);

  /** Some are inlined into others by some compilers. */
  private static final Set<String> LOCATIONS =
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
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    return RouteQueries.way(journey, drop)
        .flatMap(query -> RouteRefusal.of(view, drop.netns(), query))
        .map(refusal -> finding(view, journey, refusal));
  }

  private static Finding finding(ConversationView view, Journey journey, RouteRefusal refusal) {
    Event drop = journey.last();
    return refusal
        .builder(Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.freed(view, journey))
        .at(drop, journey, view, view.conversation().requestCount());
  }
}
