package io.vethtrace.daemon.diagnose.netfilter;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.DropSubsystem;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.NftFields;
import java.util.List;
import java.util.Optional;

/**
 * A rule of netfilter dropped a packet. The kernel says so (NETFILTER_DROP, or the place) but not
 * which rule: that is found by sending the packet through the ruleset again.
 */
public final class NetfilterDrop implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.NETFILTER,
                  Detection.BY_DROP,
                  """
                  A rule with the verdict drop or reject, or the policy of a chain, drops \
                  the packet at a hook of netfilter: `nf_hook_slow` frees it \
                  (net/netfilter/core.c), since 6.18 `nft_do_chain` itself \
                  (net/netfilter/nf_tables_core.c). The kernel does not say which rule it \
                  was.\
                  """,
                  """
                  The reason `NETFILTER_DROP`, otherwise the location. vethtrace then sends \
                  the packet through the ruleset of nft again: hooks by the device and the \
                  earlier hops, matches and counters as far as they are understood. It names \
                  the one rule that can have matched, or lists several.\
                  """,
                  """
                  `nft delete rule … handle N`, or `iptables-nft -D`; for a policy a rule \
                  that accepts this flow. No command if several rules can have matched.\
                  """))
          .needing(RequiredFact.RULESET);

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .filter(journey -> view.dropSubsystem(journey.last()) == DropSubsystem.NETFILTER)
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    List<NftCandidate> candidates = NftHooks.candidates(view, journey);
    String device = NftHooks.device(view, journey);
    String packet = NftFields.of(drop).summary();
    FindingBuilder builder =
        new FindingBuilder(Cause.NETFILTER, Verdict.DROPPED, Confidence.OBSERVED)
            .title("%s", title(candidates, device))
            .explanation("%s", explanation(view, candidates, packet))
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .on(device)
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop))
            .proves(Evidence.Kind.PACKETS, "dropped: %s", packet);
    candidates.forEach(c ->
        builder.proves(
            Evidence.Kind.RULE,
            "%s: %s",
            candidates.size() == 1 ? "dropped by" : "can have dropped it",
            c.describe()));
    return builder
        .fix(fix(view, journey, candidates).map(fix -> NeighbourFlush.after(fix, view, journey)))
        .at(drop, journey, view, view.drops().size());
  }

  private static String title(List<NftCandidate> candidates, String device) {
    String where = device.isEmpty() ? "" : " on " + device;
    if (candidates.size() != 1) {
      return "the firewall (netfilter) drops the packet%s".formatted(where);
    }
    NftCandidate only = candidates.getFirst();
    return only.rule().isPresent()
        ? "a rule of the firewall drops the packet%s: chain %s"
            .formatted(where, only.chain().fullName())
        : "the firewall accepts no such packet%s: the policy of chain %s is drop"
            .formatted(where, only.chain().fullName());
  }

  private static String explanation(
      ConversationView view, List<NftCandidate> candidates, String packet) {
    String dropped = "Netfilter dropped %s.".formatted(packet);
    return switch (candidates.size()) {
      case 0 -> dropped + " " + unknown(view);
      case 1 ->
          "%s It was %s: nothing else in the ruleset can have done it."
              .formatted(dropped, candidates.getFirst().describe());
      default ->
          "%s The kernel does not say which rule it was, and %d can have matched; counters in these"
                  .formatted(dropped, candidates.size())
              + " rules would tell.";
    };
  }

  private static String unknown(ConversationView view) {
    boolean legacy =
        view.drops().stream()
            .anyMatch(d -> view.snapshot().location(d.last()).endsWith("t_do_table"));
    return legacy
        ? "The rules are those of iptables-legacy, which nft does not show: see iptables-legacy -S."
        : "The ruleset could not be read, or nothing in it explains the drop now.";
  }

  private static Optional<Fix> fix(
      ConversationView view, Journey journey, List<NftCandidate> candidates) {
    if (candidates.size() != 1) {
      return Optional.empty();
    }
    Event drop = journey.last();
    boolean isReply = view.conversation().replies().contains(journey);
    return view.commandPrefix(drop.netns())
        .map(prefix -> new NftFix(prefix, NftFields.of(drop), isReply))
        .flatMap(fix -> fix.of(candidates.getFirst()));
  }
}
