package io.vethtrace.daemon.diagnose.qdisc;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.DeviceQdiscs;
import io.vethtrace.daemon.diagnose.model.DropSubsystem;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.filtering.Qdisc;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/**
 * The queue of a device that is up refused a packet: __dev_xmit_skb frees what enqueue refused
 * (net/core/dev.c), reason QDISC_DROP since 6.0 and more exact ones since 6.14. Some kinds discard
 * by configuration, others because they are full.
 */
public final class QdiscDrop implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.QUEUE_FULL,
                  Detection.BY_DROP,
                  """
                  The qdisc of a device that is up and has a carrier has no room: \
                  `__dev_xmit_skb` frees what enqueue refused (net/core/dev.c), with the \
                  reason `QDISC_DROP` since 6.0 and more exact reasons since 6.14.\
                  """,
                  """
                  The reason and the device. Before: `kfree_skb_list` and a qdisc of the \
                  device that counted drops. Lost datagrams count although others were \
                  answered; segments that TCP sends again do not.\
                  """,
                  """
                  A larger limit, for the kinds of qdisc whose settings are read.\
                  """),
              new DeclaredCause(
                  Cause.QUEUE_DISCARDS,
                  Detection.BY_DROP,
                  """
                  The qdisc drops although it has room, because it is configured to: \
                  `blackhole`, `netem` with loss, `red` and the like \
                  (net/sched/sch_blackhole.c, sch_netem.c, sch_red.c).\
                  """,
                  """
                  The same facts as for QUEUE_FULL, and the kind of the qdisc.\
                  """,
                  "`tc qdisc del dev DEV root`."))
          .needing(RequiredFact.QUEUES);

  private static final int UDP = 17;

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered() && !isWithoutRepetition(view)) {
      return Optional.empty();
    }
    return view.drops().stream()
        .filter(journey -> isByQueue(view, journey.last()))
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  /** TCP repeats what a queue drops, and slows down by it; a lost datagram stays lost. */
  private static boolean isWithoutRepetition(ConversationView view) {
    return view.key() instanceof ConversationKey.Flow flow && flow.protocol() == UDP;
  }

  private static boolean isByQueue(ConversationView view, Event drop) {
    if (view.dropSubsystem(drop) != DropSubsystem.QDISC || !drop.deviceIsUp()) {
      return false;
    }
    Optional<NetnsFacts> facts = view.snapshot().netns(drop.netns());
    boolean carrier =
        facts
            .flatMap(f -> f.details().link(drop.ifindex()))
            .map(Link::carrier)
            // A veth whose peer is down has the noop qdisc, which is another fault.
            .orElse(true);
    // kfree_skb_list alone says little: a queue that counted drops has to be there.
    boolean named = !view.snapshot().reason(drop).isEmpty();
    DeviceQdiscs qdiscs = DeviceQdiscs.of(view.snapshot(), drop);
    return carrier && (qdiscs.culprit().isPresent() || (named && qdiscs.all().isEmpty()));
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    Optional<Qdisc> culprit = DeviceQdiscs.of(view.snapshot(), drop).culprit();
    boolean discards = culprit.filter(DeviceQdiscs::discards).isPresent();
    FindingBuilder builder =
        new FindingBuilder(
                discards ? Cause.QUEUE_DISCARDS : Cause.QUEUE_FULL,
                Verdict.DROPPED,
                Confidence.OBSERVED)
            .title("%s", title(culprit, discards, drop.ifname()))
            .explanation("%s", explanation(journey, culprit, discards))
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    culprit.ifPresent(qdisc -> builder.proves(Evidence.Kind.DEVICE, "%s", QdiscFix.words(qdisc)));
    return builder
        .fix(
            culprit
                .flatMap(qdisc ->
                    view.commandPrefix(drop.netns())
                        .flatMap(prefix ->
                            new QdiscFix(prefix, view.snapshot().deviceName(drop))
                                .of(qdisc, discards)))
                .map(fix -> NeighbourFlush.after(fix, view, journey)))
        .at(drop, journey, view, view.drops().size());
  }

  private static String title(Optional<Qdisc> culprit, boolean discards, String device) {
    String kind = culprit.map(qdisc -> " (%s)".formatted(qdisc.kind())).orElse("");
    return discards
        ? "the queue of %s%s discards packets because it is told to".formatted(device, kind)
        : "the queue of %s%s is full".formatted(device, kind);
  }

  private static String explanation(Journey journey, Optional<Qdisc> culprit, boolean discards) {
    String kind = culprit.map(qdisc -> "qdisc " + qdisc.kind()).orElse("qdisc");
    return discards
        ? "%s was to leave, and the %s discarded it: not for want of room. The sender is not told."
            .formatted(journey.summary(), kind)
        : "%s was to leave, and the %s had no room for it. More comes than may go out, or the limit"
                .formatted(journey.summary(), kind)
            + " is too short for the burst.";
  }
}
