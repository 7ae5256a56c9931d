package io.vethtrace.daemon.diagnose.source;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.route.RouteQueries;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult.Refused;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The kernel refused a packet for its source address, and that was seen: in the result of
 * fib_validate_source, or in the drop reason that it led to.
 */
public final class SourceRefused implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.SOURCE_ADDRESS_IS_LOCAL,
                  SourceCheckDetection.BY_SETTINGS_AND_RESULT,
                  """
                  A device receives a packet whose source is an address of its own \
                  namespace, and `accept_local` is off for the device: `fib_validate_source` \
                  refuses the packet (net/ipv4/fib_frontend.c; −EINVAL up to 6.12, \
                  −`IP_LOCAL_SOURCE` since). A refused ARP request ends in `consume_skb`, \
                  without a sign (net/ipv4/arp.c, `arp_process`).\
                  """,
                  """
                  The result of the function and the sysctls that it read; otherwise the \
                  drop reason. If the function cannot be watched: an unanswered ARP request \
                  for a local address, the settings and the addresses (INFERRED).\
                  """,
                  """
                  `accept_local=1` on the receiving device. If `rp_filter` is strict, also \
                  `rp_filter=2` there, because strict mode would refuse the packet next.\
                  """),
              new DeclaredCause(
                  Cause.REVERSE_PATH_FILTER,
                  SourceCheckDetection.BY_SETTINGS_AND_RESULT,
                  """
                  The route to the source does not lead out of the receiving device, and the \
                  effective `rp_filter` (the maximum of `all` and the device's) is 1: \
                  −EXDEV, or −`IP_RPFILTER`.\
                  """,
                  "The same facts as for SOURCE_ADDRESS_IS_LOCAL.",
                  """
                  `rp_filter=2` on the receiving device: the maximum counts, so this value \
                  decides, whatever `all` is. If there is no route to the source at all, a \
                  route.\
                  """),
              new DeclaredCause(
                  Cause.INVALID_SOURCE,
                  SourceCheckDetection.BY_RESULT,
                  """
                  The source is neither a unicast nor a local address in the receiver's \
                  routing table: −EINVAL, or −`IP_INVALID_SOURCE`.\
                  """,
                  """
                  The result of the function together with the addresses of the namespace, \
                  or the drop reason.\
                  """,
                  "No command: the sender must use another address."))
          .alsoGiving(Cause.OTHER_DROP)
          .needing(RouteQueries.TO_SENDERS);

  /** Functions that free packets without a valid route; the one may be inlined into the other. */
  private static final Set<String> ROUTING = Set.of("ip_rcv_finish_core", "ip_rcv_finish");

  private static final InetAddress BROADCAST = InetAddresses.forString("255.255.255.255");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    return view.packets()
        .flatMap(journey -> refusal(view, journey).stream())
        .findFirst()
        .map(refusal -> refusal.finding(view));
  }

  private static Optional<SourceAddressFinding> refusal(ConversationView view, Journey journey) {
    return byResult(view, journey).or(() -> byDropReason(view, journey));
  }

  private static Optional<SourceAddressFinding> byResult(ConversationView view, Journey journey) {
    return journey.refusedSourceCheck().flatMap(check -> byResult(view, journey, check));
  }

  private static Optional<SourceAddressFinding> byResult(
      ConversationView view, Journey journey, Event.SourceCheck check) {
    return switch (SourceCheckResult.of(check.result(), view.snapshot().reasons())) {
      case Refused refused ->
          Optional.of(SourceAddressFinding.observed(view, journey, check, refused));
      case SourceCheckResult.Accepted accepted -> Optional.empty();
    };
  }

  private static Optional<SourceAddressFinding> byDropReason(
      ConversationView view, Journey journey) {
    Event end = journey.last();
    String reason =
        isMartian(view, journey)
            ? SourceCheckResult.IP_INVALID_SOURCE
            : view.snapshot().reason(end);
    return SourceCheckResult.REASONS.contains(reason)
        ? Optional.of(
            new SourceAddressFinding(
                journey,
                end,
                view.sourceOf(journey),
                reason,
                OptionalInt.empty(),
                Optional.empty(),
                Confidence.OBSERVED))
        : Optional.empty();
  }

  /**
   * Returns true if it died where routes are looked up, and its source is one from which no host
   * may send: that is refused before fib_validate_source is called (net/ipv4/route.c,
   * ip_route_input_slow, martian_source), with a reason since 6.13.
   */
  private static boolean isMartian(ConversationView view, Journey journey) {
    Event end = journey.last();
    return end instanceof Event.Drop
        && view.isReasonless(end)
        && ROUTING.contains(view.snapshot().location(end))
        && view.sourceOf(journey) instanceof Inet4Address source
        && (source.isMulticastAddress() || source.equals(BROADCAST));
  }
}
