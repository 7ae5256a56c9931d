package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.SourceValidation;
import io.vethtrace.daemon.kernel.SourceValidation.Refused;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
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
final class SourceRefused implements Rule {
  /** Where what has no valid route is freed; the one may be inlined into the other. */
  private static final Set<String> ROUTING = Set.of("ip_rcv_finish_core", "ip_rcv_finish");

  private static final InetAddress BROADCAST = InetAddresses.forString("255.255.255.255");

  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    return question
        .packets()
        .flatMap(journey -> refusal(question, journey).stream())
        .findFirst()
        .map(refusal -> refusal.finding(question));
  }

  private static Optional<SourceRefusal> refusal(Case question, Journey journey) {
    return byResult(question, journey).or(() -> byDropReason(question, journey));
  }

  private static Optional<SourceRefusal> byResult(Case question, Journey journey) {
    return journey
        .hop(hop ->
            hop.hook() == Hook.FIB_VALIDATE_SOURCE
                && hop.has(Event.FLAG_RESULT)
                && hop.result() < 0)
        .flatMap(hop -> byResult(question, journey, hop));
  }

  private static Optional<SourceRefusal> byResult(Case question, Journey journey, Event hop) {
    return switch (SourceValidation.of(hop.result(), question.snapshot().reasons())) {
      case Refused refused -> Optional.of(SourceRefusal.observed(question, journey, hop, refused));
      case SourceValidation.Accepted accepted -> Optional.empty();
    };
  }

  private static Optional<SourceRefusal> byDropReason(Case question, Journey journey) {
    Event end = journey.last();
    String reason =
        isMartian(question, journey)
            ? SourceValidation.IP_INVALID_SOURCE
            : question.snapshot().reason(end);
    return SourceValidation.REASONS.contains(reason)
        ? Optional.of(
            new SourceRefusal(
                journey,
                end,
                question.sourceOf(journey),
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
  private static boolean isMartian(Case question, Journey journey) {
    Event end = journey.last();
    return end.hook() == Hook.KFREE_SKB
        && question.isReasonless(end)
        && ROUTING.contains(question.snapshot().place(end))
        && question.sourceOf(journey) instanceof Inet4Address source
        && (source.isMulticastAddress() || source.equals(BROADCAST));
  }
}
