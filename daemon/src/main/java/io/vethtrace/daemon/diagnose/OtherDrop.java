package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Comparator;
import java.util.Optional;

/** The kernel dropped a packet whose conversation then stayed unanswered; no rule knows why. */
final class OtherDrop implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    if (!question.expectsAnswer() || question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .min(Comparator.comparing(journey -> isBystanders(question, journey)))
        .map(journey -> finding(question, journey));
  }

  /** A frame for another host, which a bridge flooded: not the one whose loss matters. */
  private static boolean isBystanders(Case question, Journey journey) {
    return question.snapshot().reason(journey.last()).equals("OTHERHOST");
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    String reason = question.snapshot().reason(drop);
    String place = question.snapshot().place(drop);
    return new Draft(Cause.OTHER_DROP, Verdict.DROPPED, Confidence.OBSERVED)
        .title(
            "the kernel dropped a packet%s in %s%s",
            drop.ifname().isEmpty() ? "" : " on " + drop.ifname(),
            place,
            reason.isEmpty() ? "" : ": " + reason)
        .explanation(
            "%s was dropped and never answered. vethtrace knows the kernel's reason and place, but"
                + " no rule for them.",
            journey.summary())
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(reason)
        .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop))
        .at(drop, journey, question, question.drops().size());
  }
}
