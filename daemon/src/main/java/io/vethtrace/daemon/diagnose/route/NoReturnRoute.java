package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * A request was delivered, no reply ever left, and the kernel has no way for one: icmp_push_reply
 * (net/ipv4/icmp.c), icmpv6_echo_reply and tcp_conn_request give up without a word when the route
 * look-up fails. INFERRED, from the silence and the kernel's answer now.
 */
public final class NoReturnRoute implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.givesOthers(
              Cause.NO_ROUTE,
              Cause.BLACKHOLE_ROUTE,
              Cause.UNREACHABLE_ROUTE,
              Cause.PROHIBITED_ROUTE)
          .needing(RouteQueries.OF_REPLIES);

  private static final int TCP = 6;

  /** Frees requests after delivery, by kfree_skb without a reason of its own (net/ipv6/icmp.c). */
  private static final Set<String> DELIVERED = Set.of("icmpv6_rcv", "icmp_rcv");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (!mustBeAnswered(view.key()) || view.conversation().replyCount() > 0) {
      return Optional.empty();
    }
    return view.conversation().requests().stream()
        .filter(request -> isDelivered(view, request))
        .flatMap(request -> finding(view, request).stream())
        .findFirst();
  }

  /** A datagram may want no answer. */
  private static boolean mustBeAnswered(ConversationKey key) {
    return key instanceof ConversationKey.Echo
        || (key instanceof ConversationKey.Flow flow && flow.protocol() == TCP);
  }

  private static boolean isDelivered(ConversationView view, Journey request) {
    Event end = request.last();
    boolean died =
        request.isDropped()
            && !(DELIVERED.contains(view.snapshot().location(end))
                && Set.of("", "NOT_SPECIFIED").contains(view.snapshot().reason(end)));
    return !died
        && request
            .received()
            .filter(
                hop -> view.snapshot().netns(hop.netns()).filter(f -> isFor(f, hop)).isPresent())
            .isPresent();
  }

  private static boolean isFor(NetnsFacts facts, Event hop) {
    return IpHeader.of(hop).filter(ip -> facts.owner(ip.destination()).isPresent()).isPresent();
  }

  private static Optional<Finding> finding(ConversationView view, Journey request) {
    Event hop = request.received().orElseThrow();
    return RouteQueries.reply(hop)
        .flatMap(query ->
            RouteRefusal.of(view, hop.netns(), query)
                .map(refusal -> finding(view, request, query, refusal)));
  }

  private static Finding finding(
      ConversationView view, Journey request, RouteQuery query, RouteRefusal refusal) {
    Event hop = request.received().orElseThrow();
    InetAddress asker = query.destination();
    return refusal
        .builder(Verdict.UNANSWERED, Confidence.INFERRED, ReturnRouteFix.back(view, hop, asker))
        .hook(asker.getAddress().length == 4 ? "fib_table_lookup" : "fib6_table_lookup")
        .proves(
            Evidence.Kind.PACKETS,
            "%s reached %s, which has its destination; no reply left",
            request.summary(),
            hop.ifname())
        .at(hop, request, view, view.conversation().requestCount());
  }
}
