package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.HeaderFields;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;

/**
 * A rule of netfilter dropped a packet. The kernel says so (NETFILTER_DROP, or the place) but not
 * which rule: that is found by sending the packet through the ruleset again.
 */
final class NetfilterDrop implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> question.dropKind(journey.last()) == DropKind.NETFILTER)
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    List<NftCandidate> candidates = NftHooks.candidates(question, journey);
    String device = NftHooks.device(question, journey);
    String packet = HeaderFields.of(drop).summary();
    Draft draft =
        new Draft(Cause.NETFILTER, Verdict.DROPPED, Confidence.OBSERVED)
            .title("%s", title(candidates, device))
            .explanation("%s", explanation(question, candidates, packet))
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(question.snapshot().reason(drop))
            .on(device)
            .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop))
            .proves(Evidence.Kind.PACKETS, "dropped: %s", packet);
    candidates.forEach(c ->
        draft.proves(
            Evidence.Kind.RULE,
            "%s: %s",
            candidates.size() == 1 ? "dropped by" : "can have dropped it",
            c.describe()));
    return draft
        .fix(fix(question, journey, candidates).map(fix -> AskAgain.after(fix, question, journey)))
        .at(drop, journey, question, question.drops().size());
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

  private static String explanation(Case question, List<NftCandidate> candidates, String packet) {
    String dropped = "Netfilter dropped %s.".formatted(packet);
    return switch (candidates.size()) {
      case 0 -> dropped + " " + unknown(question);
      case 1 ->
          "%s It was %s: nothing else in the ruleset can have done it."
              .formatted(dropped, candidates.getFirst().describe());
      default ->
          "%s The kernel does not say which rule it was, and %d can have matched; counters in these"
                  .formatted(dropped, candidates.size())
              + " rules would tell.";
    };
  }

  private static String unknown(Case question) {
    boolean legacy =
        question.drops().stream()
            .anyMatch(d -> question.snapshot().place(d.last()).endsWith("t_do_table"));
    return legacy
        ? "The rules are those of iptables-legacy, which nft does not show: see iptables-legacy -S."
        : "The ruleset could not be read, or nothing in it explains the drop now.";
  }

  private static Optional<Fix> fix(Case question, Journey journey, List<NftCandidate> candidates) {
    if (candidates.size() != 1) {
      return Optional.empty();
    }
    Event drop = journey.last();
    boolean isReply = question.conversation().replies().contains(journey);
    return question
        .commandPrefix(drop.netns())
        .map(prefix -> new NftFix(prefix, HeaderFields.of(drop), isReply))
        .flatMap(fix -> fix.of(candidates.getFirst()));
  }
}
