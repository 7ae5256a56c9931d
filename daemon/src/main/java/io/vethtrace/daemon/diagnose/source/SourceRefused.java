package io.vethtrace.daemon.diagnose.source;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
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
  /** Where what has no valid route is freed; the one may be inlined into the other. */
  private static final Set<String> ROUTING = Set.of("ip_rcv_finish_core", "ip_rcv_finish");

  private static final InetAddress BROADCAST = InetAddresses.forString("255.255.255.255");

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

  private static Optional<RefusedPacket> refusal(ConversationView view, Journey journey) {
    return byResult(view, journey).or(() -> byDropReason(view, journey));
  }

  private static Optional<RefusedPacket> byResult(ConversationView view, Journey journey) {
    return journey.refusedSourceCheck().flatMap(check -> byResult(view, journey, check));
  }

  private static Optional<RefusedPacket> byResult(
      ConversationView view, Journey journey, Event.SourceCheck check) {
    return switch (SourceCheckResult.of(check.result(), view.snapshot().reasons())) {
      case Refused refused -> Optional.of(RefusedPacket.observed(view, journey, check, refused));
      case SourceCheckResult.Accepted accepted -> Optional.empty();
    };
  }

  private static Optional<RefusedPacket> byDropReason(ConversationView view, Journey journey) {
    Event end = journey.last();
    String reason =
        isMartian(view, journey)
            ? SourceCheckResult.IP_INVALID_SOURCE
            : view.snapshot().reason(end);
    return SourceCheckResult.REASONS.contains(reason)
        ? Optional.of(
            new RefusedPacket(
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
   * Whether it died where routes are looked up, and its source is one that no host may send from:
   * that is refused before fib_validate_source is asked (net/ipv4/route.c, ip_route_input_slow,
   * martian_source), with a reason since 6.13.
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
