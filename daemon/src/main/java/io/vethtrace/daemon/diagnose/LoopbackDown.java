package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.ShellWord;
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
final class LoopbackDown implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> diedOnLoopback(journey.last()))
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  private static boolean diedOnLoopback(Event drop) {
    return drop.deviceIsLoopback() && !drop.deviceIsUp();
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    String lo = drop.ifname();
    return new Draft(Cause.LOOPBACK_DOWN, Verdict.DROPPED, Confidence.OBSERVED)
        .title("%s is down, and packets to this namespace's own addresses need it", lo)
        .explanation(
            "The route to an address of one's own is always dev %s, whatever device the packet is"
                + " about. %s is down, so its queue is the noop qdisc, which drops everything."
                + " ARP still works because ARP replies are not routed: they leave by the device"
                + " that the request came in on.",
            lo, lo)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(question.snapshot().reason(drop))
        .proves(Evidence.Kind.DEVICE, "%s was not up (flags 0x%x) at the drop", lo, drop.devFlags())
        .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop))
        .proves(Evidence.Kind.PACKETS, "dropped: %s", journey.summary())
        .fix(
            question
                .commandPrefix(drop.netns())
                .map(prefix -> fix(prefix, question.snapshot().deviceName(drop))))
        .at(drop, journey, question, question.drops().size());
  }

  private static Fix fix(String prefix, String lo) {
    return new Fix(
        List.of("%sip link set dev %s up".formatted(prefix, ShellWord.of(lo))),
        "Nothing else changes: lo carries only the namespace's packets to itself.");
  }
}
