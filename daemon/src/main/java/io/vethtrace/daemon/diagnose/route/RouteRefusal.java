package io.vethtrace.daemon.diagnose.route;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.netlink.Errno;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.route.IpRule;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.kernel.route.RouteType;
import io.vethtrace.daemon.kernel.route.Routing;
import io.vethtrace.daemon.kernel.route.Routing.RefusedBy;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;

/**
 * The reason why the kernel has no way for a packet: its own answer, and the rule or the route
 * behind it.
 *
 * @param facts the namespace that refuses
 * @param query what it was asked
 * @param errno what it answered, positive
 * @param culprit what refuses; empty where there is simply no route
 */
public record RouteRefusal(
    NetnsFacts facts, RouteQuery query, int errno, Optional<RefusedBy> culprit) {
  private static final String UNTIL_NEXT_BOOT =
      "Until the next boot, or until what set it sets it again. ";

  /** Returns the refusal; empty if the kernel has a way now, or got no query. */
  static Optional<RouteRefusal> of(ConversationView view, int netns, RouteQuery query) {
    return view.snapshot().netns(netns).flatMap(facts -> of(facts, query));
  }

  /**
   * Returns the refusal of a program's look-up, so that there is no packet. One table that does not
   * know the destination is no fault while the next one does: the kernel's answer after all rules
   * counts.
   */
  public static Optional<RouteRefusal> ofLookup(ConversationView view, Journey journey) {
    return journey.last() instanceof Event.RouteLookup lookup && lookup.result() < 0
        ? RouteQueries.lookup(lookup).flatMap(query -> of(view, lookup.netns(), query))
        : Optional.empty();
  }

  private static Optional<RouteRefusal> of(NetnsFacts facts, RouteQuery query) {
    Routing routing = facts.details().routing();
    return routing
        .refusal(query)
        .map(errno ->
            new RouteRefusal(
                facts,
                query,
                errno,
                routing.culprit(query, name(facts, query.iif()), name(facts, query.oif()))));
  }

  private static String name(NetnsFacts facts, int ifindex) {
    // To the rules, what a host sends itself comes in by lo (fib_rule_match, net/core/fib_rules.c).
    return facts.device(ifindex == 0 ? 1 : ifindex).map(Device::name).orElse("");
  }

  public Cause cause() {
    return switch (culprit.map(RefusedBy::type).orElse(RouteType.UNSPEC)) {
      case BLACKHOLE -> Cause.BLACKHOLE_ROUTE;
      case UNREACHABLE -> Cause.UNREACHABLE_ROUTE;
      case PROHIBIT -> Cause.PROHIBITED_ROUTE;
      default -> byErrno();
    };
  }

  /**
   * Returns the cause by the error number, for a rule that matches by a property that is not known
   * here (fib_props, net/ipv4/fib_semantics.c).
   */
  private Cause byErrno() {
    return switch (errno) {
      case Errno.EINVAL -> Cause.BLACKHOLE_ROUTE;
      case Errno.EACCES -> Cause.PROHIBITED_ROUTE;
      case Errno.EHOSTUNREACH -> Cause.UNREACHABLE_ROUTE;
      default -> Cause.NO_ROUTE;
    };
  }

  /** A draft with title, explanation, proof and cure. */
  FindingBuilder builder(Verdict verdict, Confidence confidence) {
    return builder(verdict, confidence, Optional.empty());
  }

  /** The same, where a missing route can be named by {@code missing}. */
  FindingBuilder builder(Verdict verdict, Confidence confidence, Optional<Fix> missing) {
    String to = InetAddresses.toAddrString(query.destination());
    FindingBuilder builder =
        new FindingBuilder(cause(), verdict, confidence)
            .title("%s %s", facts.displayName(), title(to))
            .explanation("%s", explanation(to, missing.isPresent()))
            .proves(
                Evidence.Kind.RETURN_VALUE,
                "asked for the way to %s%s, the kernel answers %s (-%d)",
                to,
                query.source().map(s -> " from " + InetAddresses.toAddrString(s)).orElse(""),
                Errno.name(errno),
                errno);
    culprit.ifPresent(c -> builder.proves(Evidence.Kind.ADDRESS, "%s", words(c)));
    return builder.fix(cause() == Cause.NO_ROUTE ? missing : culprit.map(this::fix));
  }

  private String title(String to) {
    return culprit
        .map(c -> "refuses packets to %s: %s".formatted(to, words(c)))
        .orElse(
            cause() == Cause.NO_ROUTE
                ? "has no route to " + to
                : "refuses packets to %s (%s)".formatted(to, Errno.name(errno)));
  }

  private String explanation(String to, boolean wayKnown) {
    return switch (cause()) {
      case BLACKHOLE_ROUTE ->
          "The longest match for %s is a blackhole: packets are dropped, and nobody is told."
              .formatted(to);
      case PROHIBITED_ROUTE ->
          "Packets to %s are administratively prohibited here: a sender elsewhere gets the ICMP error that says so, a program on this host EACCES."
              .formatted(to);
      case UNREACHABLE_ROUTE ->
          "Packets to %s are declared unreachable here: a sender elsewhere gets an ICMP error, a program on this host EHOSTUNREACH."
              .formatted(to);
      default ->
          "No table that policy routing asks has a route that covers %s, not even a default route."
                  .formatted(to)
              + (wayKnown
                  ? ""
                  : " Which gateway leads there cannot be known from here: it must be named in `ip route add %s via GATEWAY`."
                      .formatted(to));
    };
  }

  private static String words(RefusedBy culprit) {
    return switch (culprit) {
      case RefusedBy.OfTable table -> "route " + table.route().ipRouteWords();
      case RefusedBy.OfPolicy policy ->
          "rule %d says %s".formatted(policy.rule().priority(), policy.type().word());
    };
  }

  private Fix fix(RefusedBy culprit) {
    return switch (culprit) {
      case RefusedBy.OfTable table ->
          new Fix(
              List.of(command("route del " + table.route().ipRouteWords())),
              UNTIL_NEXT_BOOT + "The next longest route then counts; make sure that there is one.");
      case RefusedBy.OfPolicy policy ->
          new Fix(
              List.of(command("rule del " + selector(policy.rule()))),
              UNTIL_NEXT_BOOT + "All that the rule was for is then routed by the rules after it.");
    };
  }

  /** Enough words to hit this rule and no other of the same priority. */
  private static String selector(IpRule rule) {
    return "priority "
        + Integer.toUnsignedString(rule.priority())
        + rule.from().map(prefix -> " from " + prefix).orElse("")
        + rule.to().map(prefix -> " to " + prefix).orElse("");
  }

  private String command(String words) {
    boolean v6 = query.destination().getAddress().length == 16;
    return facts.commandPrefix() + (v6 ? "ip -6 " : "ip ") + words;
  }
}
