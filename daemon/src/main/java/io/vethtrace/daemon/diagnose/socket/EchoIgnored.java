package io.vethtrace.daemon.diagnose.socket;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An echo request arrived where it was to go, and a setting tells the kernel to answer none
 * (net/ipv4/icmp.c, icmp_echo and icmp_rcv; net/ipv6/icmp.c, icmpv6_rcv). IPv4 then frees it as one
 * that was answered; IPv6, and IPv4 a broadcast, by kfree_skb.
 */
public final class EchoIgnored implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.ECHO_IGNORED,
              Detection.BY_SETTINGS,
              """
              An echo request arrives, and a setting forbids the answer \
              (net/ipv4/icmp.c, `icmp_echo`, `icmp_rcv`; net/ipv6/icmp.c, `icmpv6_rcv`). \
              For broadcasts that is the default.\
              """,
              """
              The owner of the address, or a receiver of the broadcast, took the \
              request; no reply was seen; and the setting (INFERRED).\
              """,
              "The setting."));

  private static final String ALL = "net.ipv4.icmp_echo_ignore_all";
  private static final String BROADCASTS = "net.ipv4.icmp_echo_ignore_broadcasts";
  private static final String ALL_V6 = "net.ipv6.icmp.echo_ignore_all";
  private static final String MULTICAST_V6 = "net.ipv6.icmp.echo_ignore_multicast";
  private static final String BROADCAST_REASON = "INVALID_PROTO";
  private static final Set<String> LOCATIONS = Set.of("icmp_rcv", "icmpv6_rcv");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    boolean isSilence =
        view.key() instanceof ConversationKey.Echo && view.conversation().replyCount() == 0;
    return isSilence
        ? view.conversation().requests().stream()
            .flatMap(request -> ignored(view, request).stream())
            .findFirst()
        : Optional.empty();
  }

  private static Optional<Finding> ignored(ConversationView view, Journey request) {
    // As it was received: NAT may have changed its destination.
    Optional<Event> received = request.taken().filter(_ -> isTakenIn(view, request));
    return received.flatMap(
        hop -> IpHeader.of(hop).flatMap(echo -> ignored(view, request, hop, echo)));
  }

  private static Optional<Finding> ignored(
      ConversationView view, Journey request, Event hop, IpHeader echo) {
    return view.snapshot()
        .netns(hop.netns())
        .filter(facts -> !isOwnEcho(facts, hop, echo))
        .flatMap(facts -> setting(facts, echo))
        .map(setting -> finding(view, request, hop, setting));
  }

  /** Returns true if it ended like a packet that ICMP freed, and was not sent on. */
  private static boolean isTakenIn(ConversationView view, Journey request) {
    return switch (request.end()) {
      case CONSUMED, OUT_OF_SIGHT -> !request.last().hook().isTransmit();
      case DROPPED ->
          LOCATIONS.contains(view.snapshot().location(request.last()))
              && Set.of("", "NOT_SPECIFIED", BROADCAST_REASON)
                  .contains(view.snapshot().reason(request.last()));
    };
  }

  /** The sender hears its own broadcast (net/ipv4/ip_output.c, ip_mc_output). */
  private static boolean isOwnEcho(NetnsFacts facts, Event hop, IpHeader echo) {
    return facts
        .device(hop.ifindex())
        .filter(device -> device.addresses().contains(echo.source()))
        .isPresent();
  }

  /** The setting that is on and has to do with this echo. */
  private static Optional<String> setting(NetnsFacts facts, IpHeader echo) {
    boolean isOwn = facts.owner(echo.destination()).isPresent();
    if (isOwn) {
      return on(facts, echo.version() == 4 ? ALL : ALL_V6);
    }
    if (!echo.toMany()) {
      return Optional.empty();
    }
    return echo.version() == 4
        ? on(facts, BROADCASTS).or(() -> on(facts, ALL))
        : on(facts, MULTICAST_V6).or(() -> on(facts, ALL_V6));
  }

  private static Optional<String> on(NetnsFacts facts, String setting) {
    return facts.details().sysctls().value(setting).orElse(0) == 0
        ? Optional.empty()
        : Optional.of(setting);
  }

  private static Finding finding(
      ConversationView view, Journey request, Event hop, String setting) {
    String netns = view.snapshot().netnsName(hop.netns());
    return new FindingBuilder(Cause.ECHO_IGNORED, Verdict.UNANSWERED, Confidence.INFERRED)
        .title("namespace %s ignores this ping: %s is on", netns, setting)
        .explanation(
            "The echo request arrived on %s and was taken in. With %s the kernel answers none of"
                + " its kind, and counts nothing.",
            hop.ifname(), setting)
        .hook(setting.startsWith("net.ipv6") ? "icmpv6_rcv" : "icmp_rcv")
        .dropReason(view.snapshot().reason(request.last()))
        .proves(Evidence.Kind.SYSCTL, "%s in %s: 1", setting, netns)
        .proves(
            Evidence.Kind.PACKETS,
            "%s: %d seen, none answered",
            request.summary(),
            view.conversation().requestCount())
        .fix(view.commandPrefix(hop.netns()).map(prefix -> fix(prefix, setting)))
        .at(hop, request, view, view.conversation().requestCount());
  }

  private static Fix fix(String prefix, String setting) {
    return new Fix(
        List.of("%ssysctl -w %s=0".formatted(prefix, setting)),
        "Until the next boot. Everybody who reaches the namespace can ping it then.");
  }
}
