package io.vethtrace.daemon.diagnose.qdisc;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.FactRequests;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.trace.Conversation;
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
public final class CpuBacklogFull implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.CPU_BACKLOG_FULL,
                  Detection.BY_DROP,
                  """
                  The queue of received packets of a CPU is full (net/core/dev.c, \
                  `enqueue_to_backlog`).\
                  """,
                  "The reason `CPU_BACKLOG`; on 5.10 the location.",
                  "A larger `net.core.netdev_max_backlog`, on the host."))
          .needing(CpuBacklogFull::requestHostFacts);

  private static final String REASON = "CPU_BACKLOG";

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  private static void requestHostFacts(
      Conversation conversation, EventNames names, FactRequests requests) {
    if (conversation.journeys().anyMatch(journey -> names.reason(journey.last()).equals(REASON))) {
      requests.hostFacts();
    }
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    return view.drops().stream()
        .filter(journey -> view.snapshot().reason(journey.last()).equals(REASON))
        .filter(_ -> !view.answered())
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    HostFacts host = view.snapshot().host();
    FindingBuilder builder =
        new FindingBuilder(Cause.CPU_BACKLOG_FULL, Verdict.DROPPED, Confidence.OBSERVED)
            .title(
                "the backlog of CPU %d is full: %s received more than it handles",
                drop.cpu(), drop.ifname())
            .explanation(
                "What %s receives waits in a queue of the CPU on which it came, at most"
                    + " net.core.netdev_max_backlog packets of all devices together. CPU %d does"
                    + " not get to them in time: it is busy, or a burst was too long.",
                drop.ifname(), drop.cpu())
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    host.netdevMaxBacklog()
        .ifPresent(
            max -> builder.proves(Evidence.Kind.SYSCTL, "net.core.netdev_max_backlog: %d", max));
    long drops = host.backlogDrops().stream().mapToLong(Long::longValue).sum();
    builder.proves(
        Evidence.Kind.COUNTER, "/proc/net/softnet_stat: %d packets dropped on all CPUs", drops);
    return builder.fix(fix(host)).at(drop, journey, view, view.drops().size());
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
                "Until the next boot, for all namespaces. A longer queue outlasts a burst; a CPU"
                    + " that is always too slow needs less to do."));
  }
}
