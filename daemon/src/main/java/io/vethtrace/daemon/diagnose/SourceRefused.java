package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.SourceValidation;
import io.vethtrace.daemon.kernel.SourceValidation.Refused;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The kernel refused a packet for its source address, and that was seen: in the result of
 * fib_validate_source, or in the drop reason that it led to.
 */
final class SourceRefused implements Rule {
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
    String reason = question.snapshot().reason(end);
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
}
