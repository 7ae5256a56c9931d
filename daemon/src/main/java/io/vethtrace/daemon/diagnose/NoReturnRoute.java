package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.RouteQuery;
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
final class NoReturnRoute implements Rule {
  private static final int TCP = 6;

  /** Frees requests after delivery, by kfree_skb without a reason of its own (net/ipv6/icmp.c). */
  private static final Set<String> DELIVERED = Set.of("icmpv6_rcv", "icmp_rcv");

  @Override
  public Optional<Finding> apply(Case question) {
    if (!mustBeAnswered(question.key()) || question.conversation().replyCount() > 0) {
      return Optional.empty();
    }
    return question.conversation().requests().stream()
        .filter(request -> isDelivered(question, request))
        .flatMap(request -> finding(question, request).stream())
        .findFirst();
  }

  /** A datagram may want no answer. */
  private static boolean mustBeAnswered(ConversationKey key) {
    return key instanceof ConversationKey.Echo
        || (key instanceof ConversationKey.Flow flow && flow.protocol() == TCP);
  }

  private static boolean isDelivered(Case question, Journey request) {
    Event end = request.last();
    boolean died =
        request.isDropped()
            && !(DELIVERED.contains(question.snapshot().place(end))
                && Set.of("", "NOT_SPECIFIED").contains(question.snapshot().reason(end)));
    return !died
        && request
            .received()
            .filter(hop ->
                question.snapshot().netns(hop.netns()).filter(f -> isFor(f, hop)).isPresent())
            .isPresent();
  }

  private static boolean isFor(NetnsFacts facts, Event hop) {
    return IpHeader.of(hop).filter(ip -> facts.owner(ip.destination()).isPresent()).isPresent();
  }

  private static Optional<Finding> finding(Case question, Journey request) {
    Event hop = request.received().orElseThrow();
    return RouteQuestions.reply(hop)
        .flatMap(query ->
            RouteVerdict.of(question, hop.netns(), query)
                .map(verdict -> finding(question, request, query, verdict)));
  }

  private static Finding finding(
      Case question, Journey request, RouteQuery query, RouteVerdict verdict) {
    Event hop = request.received().orElseThrow();
    InetAddress asker = query.destination();
    return verdict
        .draft(Verdict.UNANSWERED, Confidence.INFERRED, MissingRoute.back(question, hop, asker))
        .hook(asker.getAddress().length == 4 ? "fib_table_lookup" : "fib6_table_lookup")
        .proves(
            Evidence.Kind.PACKETS,
            "%s reached %s, which has its destination; no reply left",
            request.summary(),
            hop.ifname())
        .at(hop, request, question, question.conversation().requestCount());
  }
}
