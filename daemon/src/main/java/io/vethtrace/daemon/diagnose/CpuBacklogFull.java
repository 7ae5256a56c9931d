package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.HostFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;

/**
 * The queue in which a CPU keeps received packets until its softirq gets to them is full
 * (net/core/dev.c, enqueue_to_backlog): reason CPU_BACKLOG in 6.1 and newer. A veth without NAPI
 * and lo put all their packets there.
 */
final class CpuBacklogFull implements Rule {
  private static final String REASON = "CPU_BACKLOG";

  @Override
  public Optional<Finding> apply(Case question) {
    return question.drops().stream()
        .filter(journey -> question.snapshot().reason(journey.last()).equals(REASON))
        .filter(_ -> !question.answered())
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    HostFacts host = question.snapshot().host();
    Draft draft =
        new Draft(Cause.CPU_BACKLOG_FULL, Verdict.DROPPED, Confidence.OBSERVED)
            .title(
                "the backlog of CPU %d is full: %s received more than it handles",
                drop.cpu(), drop.ifname())
            .explanation(
                "What %s receives waits in a queue of the CPU on which it came, at most"
                    + " net.core.netdev_max_backlog packets of all devices together. CPU %d does"
                    + " not get to them in time: it is busy, or a burst was too long.",
                drop.ifname(), drop.cpu())
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(question.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop));
    host.netdevMaxBacklog()
        .ifPresent(
            max -> draft.proves(Evidence.Kind.SYSCTL, "net.core.netdev_max_backlog: %d", max));
    long drops = host.backlogDrops().stream().mapToLong(Long::longValue).sum();
    draft.proves(
        Evidence.Kind.COUNTER, "/proc/net/softnet_stat: %d packets dropped on all CPUs", drops);
    return draft.fix(fix(host)).at(drop, journey, question, question.drops().size());
  }

  /** The setting is the host's, whichever namespace the packet was in. */
  private static Optional<Fix> fix(HostFacts host) {
    return host.netdevMaxBacklog().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Fix(
                List.of(
                    "sysctl -w net.core.netdev_max_backlog=%d"
                        .formatted(Math.max(1000, 4 * host.netdevMaxBacklog().getAsInt()))),
                "Until the next boot, for all namespaces. A longer queue outlasts a burst; a CPU that"
                    + " is always too slow needs less to do."));
  }
}
