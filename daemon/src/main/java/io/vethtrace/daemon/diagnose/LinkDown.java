package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.Device;
import io.vethtrace.daemon.kernel.Link;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.Set;

/**
 * A packet was to leave by a device that is down, or up without carrier. Such a device has the noop
 * qdisc, which drops all it is given (net/sched/sch_generic.c, dev_deactivate_many and
 * noop_enqueue): reason QDISC_DROP since 6.0, none before. A veth has carrier while its peer is up
 * (drivers/net/veth.c, veth_open and veth_close).
 */
final class LinkDown implements Rule {
  private static final String QDISC_DROP = "QDISC_DROP";

  /** Where a kernel without reasons frees what a qdisc or a device that is down did not take. */
  private static final Set<String> PLACES =
      Set.of("kfree_skb_list", "kfree_skb_list_reason", "__dev_queue_xmit", "__dev_xmit_skb");

  @Override
  public Optional<Finding> apply(Case question) {
    if (!question.expectsAnswer() || question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> isOfLink(question, journey.last()))
        .flatMap(journey -> finding(question, journey).stream())
        .findFirst();
  }

  private static boolean isOfLink(Case question, Event drop) {
    return !drop.deviceIsLoopback()
        && (question.snapshot().reason(drop).equals(QDISC_DROP)
            || question.isNeighbourFailure(drop)
            || (question.isReasonless(drop) && PLACES.contains(question.snapshot().place(drop))));
  }

  private static Optional<Finding> finding(Case question, Journey journey) {
    Event drop = journey.last();
    Optional<NetnsFacts> facts = question.snapshot().netns(drop.netns());
    if (!drop.deviceIsUp()) {
      return Optional.of(down(question, journey, facts));
    }
    Optional<Finding> noCarrier =
        facts.flatMap(known ->
            known
                .device(drop.ifindex())
                .filter(Device::up)
                .filter(device -> !hasCarrier(known, device))
                .flatMap(device -> noCarrier(question, journey, known, device)));
    return QueueDrop.isBeforeActivation(question, drop)
        ? noCarrier.or(() -> Optional.of(comingUp(question, journey)))
        : noCarrier;
  }

  static boolean hasCarrier(NetnsFacts facts, Device device) {
    return facts.details().link(device.ifindex()).map(Link::carrier).orElse(true);
  }

  private static Finding down(Case question, Journey journey, Optional<NetnsFacts> facts) {
    Event drop = journey.last();
    return draft(Cause.LINK_DOWN, question, journey)
        .title("%s is down, and packets were to leave by it", drop.ifname())
        .explanation(
            "A device that is down has the noop qdisc as its queue, which drops all it is given.")
        .proves(
            Evidence.Kind.DEVICE,
            "%s was not up (flags 0x%x) at the drop",
            drop.ifname(),
            drop.devFlags())
        .fix(
            facts.flatMap(known ->
                known
                    .device(drop.ifindex())
                    .map(device -> setUp(question, journey, known, device))))
        .at(drop, journey, question, question.drops().size());
  }

  private static Optional<Finding> noCarrier(
      Case question, Journey journey, NetnsFacts facts, Device device) {
    Optional<Peer> peer = Peer.of(question.snapshot(), facts, device.ifindex());
    if (peer.isPresent()) {
      // Where it is up by now, what was read afterwards does not explain the drop.
      return peer.filter(other -> !other.device().up())
          .map(other -> peerDown(question, journey, facts, device, other));
    }
    return Optional.of(
        Peer.isVeth(facts, device.ifindex())
            ? peerUnknown(question, journey, device)
            : unplugged(question, journey, device));
  }

  private static Finding peerDown(
      Case question, Journey journey, NetnsFacts facts, Device device, Peer peer) {
    boolean veth = Peer.isVeth(facts, device.ifindex());
    return draft(veth ? Cause.PEER_DOWN : Cause.LINK_DOWN, question, journey)
        .title(
            "%s is down, so %s in namespace %s has no carrier",
            peer.name(), device.name(), facts.displayName())
        .explanation(
            "%s Without carrier the queue of %s is the noop qdisc, which drops all it is given;"
                + " its address and its routes stay.",
            veth
                ? "The two are the ends of a pair, and each has carrier only while the other is up."
                : "%s works on top of %s.".formatted(device.name(), peer.device().name()),
            device.name())
        .proves(Evidence.Kind.DEVICE, "%s is up and has no carrier", device.name())
        .proves(Evidence.Kind.DEVICE, "%s is not up", peer.name())
        .fix(Optional.of(setUp(question, journey, peer.facts(), peer.device())))
        .at(peer.facts(), peer.device(), journey, question.drops().size());
  }

  private static Finding peerUnknown(Case question, Journey journey, Device device) {
    return draft(Cause.PEER_DOWN, question, journey)
        .title("%s has no carrier: the other end of its pair is down", device.name())
        .explanation(
            "A veth device has carrier only while its peer is up. The peer is in a namespace that"
                + " has neither a name nor a process that may be looked at.")
        .proves(Evidence.Kind.DEVICE, "%s is up and has no carrier", device.name())
        .at(journey.last(), journey, question, question.drops().size());
  }

  private static Finding unplugged(Case question, Journey journey, Device device) {
    return draft(Cause.LINK_DOWN, question, journey)
        .title("%s has no carrier", device.name())
        .explanation(
            "%s is up, but nothing is connected to it, or the other end is off. Without carrier"
                + " its queue is the noop qdisc, which drops all it is given.",
            device.name())
        .proves(Evidence.Kind.DEVICE, "%s is up and has no carrier", device.name())
        .at(journey.last(), journey, question, question.drops().size());
  }

  private static Finding comingUp(Case question, Journey journey) {
    Event drop = journey.last();
    return draft(Cause.LINK_DOWN, question, journey)
        .title("the link of %s had only just come up", drop.ifname())
        .explanation(
            "%s is up and has a carrier, but the kernel replaces the noop qdisc of a link that was"
                + " down by a real one only up to a second later. Run the command again.",
            drop.ifname())
        .proves(Evidence.Kind.DEVICE, "the queue that %s has by now dropped nothing", drop.ifname())
        .at(drop, journey, question, question.drops().size());
  }

  private static Draft draft(Cause cause, Case question, Journey journey) {
    Event drop = journey.last();
    return new Draft(cause, Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(question.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", Words.freed(question, journey));
  }

  private static Fix setUp(Case question, Journey journey, NetnsFacts facts, Device device) {
    return AskAgain.after(Peer.setUp(facts, device), question, journey);
  }
}
