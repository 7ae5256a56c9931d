package io.vethtrace.daemon.diagnose.link;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;

/**
 * A packet to one of the namespace's own addresses met lo while it was down. A device that is down
 * has the noop qdisc, which drops all it is given (net/sched/sch_generic.c, noop_enqueue): reason
 * QDISC_DROP since 6.0, none before.
 */
public final class LoopbackDown implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.LOOPBACK_DOWN,
              Detection.BY_DROP,
              """
              The kernel routes a packet to one of the namespace's own addresses to \
              `lo`. `lo` is down and so has the noop qdisc, which drops everything \
              (net/sched/sch_generic.c, `noop_enqueue`).\
              """,
              "`kfree_skb` on a loopback device without IFF_UP.",
              "`ip link set dev lo up` in that namespace."));

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
        .filter(journey -> diedOnLoopback(journey.last()))
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  private static boolean diedOnLoopback(Event drop) {
    return drop.deviceIsLoopback() && !drop.deviceIsUp();
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    String lo = drop.ifname();
    return new FindingBuilder(Cause.LOOPBACK_DOWN, Verdict.DROPPED, Confidence.OBSERVED)
        .title("%s is down, and packets to this namespace's own addresses need it", lo)
        .explanation(
            "The route to an address of one's own is always dev %s, whatever device the packet is"
                + " about. %s is down, so its queue is the noop qdisc, which drops everything."
                + " ARP still works because ARP replies are not routed: they leave by the device"
                + " that the request came in on.",
            lo, lo)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(Evidence.Kind.DEVICE, "%s was not up (flags 0x%x) at the drop", lo, drop.devFlags())
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop))
        .proves(Evidence.Kind.PACKETS, "dropped: %s", journey.summary())
        .fix(
            view.commandPrefix(drop.netns())
                .map(prefix -> fix(prefix, view.snapshot().deviceName(drop))))
        .at(drop, journey, view, view.drops().size());
  }

  private static Fix fix(String prefix, String lo) {
    return new Fix(
        List.of("%sip link set dev %s up".formatted(prefix, ShellWord.of(lo))),
        "Nothing else changes: lo carries only the namespace's packets to itself.");
  }
}
