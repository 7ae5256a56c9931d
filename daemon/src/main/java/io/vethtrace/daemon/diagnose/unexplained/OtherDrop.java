package io.vethtrace.daemon.diagnose.unexplained;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Comparator;
import java.util.Optional;

/** The kernel dropped a packet whose conversation then stayed unanswered; no rule knows why. */
public final class OtherDrop implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.OTHER_DROP,
              Detection.BY_DROP,
              """
              The kernel dropped a packet of an unanswered conversation for a reason \
              that no rule explains.\
              """,
              "`kfree_skb` with its reason and location.",
              "–"));

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (!view.expectsAnswer() || view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .min(Comparator.comparing(journey -> isBystanders(view, journey)))
        .map(journey -> finding(view, journey));
  }

  /** A frame for another host, which a bridge flooded: not the one whose loss matters. */
  private static boolean isBystanders(ConversationView view, Journey journey) {
    return view.snapshot().reason(journey.last()).equals("OTHERHOST");
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    String reason = view.snapshot().reason(drop);
    String place = view.snapshot().location(drop);
    return new FindingBuilder(Cause.OTHER_DROP, Verdict.DROPPED, Confidence.OBSERVED)
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
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop))
        .at(drop, journey, view, view.drops().size());
  }
}
