package io.vethtrace.daemon.diagnose.link;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.DeviceQdiscs;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.PeerDevice;
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
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
public final class LinkDown implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.LINK_DOWN,
                  Detection.BY_DROP,
                  """
                  A device is down, or up without carrier: it has the noop qdisc, which \
                  drops everything (net/sched/sch_generic.c, `dev_deactivate_many`). The \
                  route of its subnet is gone while it is down (net/ipv4/fib_frontend.c, \
                  `fib_disable_ip`). A bridge that is down disables its ports \
                  (net/bridge/br_if.c). A bridge sends nothing to a port that is down.\
                  """,
                  """
                  `kfree_skb` with `QDISC_DROP` (or no reason, in `kfree_skb_list`) on a \
                  device without IFF_UP or carrier; `IP_INNOROUTES` (or no reason, in \
                  `ip_error`) while a device with the target's subnet is down; a drop in \
                  `br_handle_frame` while the bridge is down; a bridge that did not forward \
                  while its port towards the target is down (INFERRED).\
                  """,
                  "`ip link set dev DEV up` there."),
              new DeclaredCause(
                  Cause.PEER_DOWN,
                  Detection.BY_DROP,
                  """
                  A veth has carrier only while its peer is up (drivers/net/veth.c, \
                  `veth_open`, `veth_close`). Without carrier it has the noop qdisc. Moving \
                  a device to another namespace sets it down.\
                  """,
                  """
                  The drops of LINK_DOWN, or `NEIGH_FAILED`, on a veth that is up without \
                  carrier. IFLA_LINK and IFLA_LINK_NETNSID lead to its peer, which is not \
                  up.\
                  """,
                  "`ip link set dev PEER up` in the peer's namespace."))
          .needing(RequiredFact.QUEUES);

  private static final String QDISC_DROP = "QDISC_DROP";

  /**
   * Functions in which a kernel without reasons frees packets that a qdisc or a device that is down
   * did not take.
   */
  private static final Set<String> LOCATIONS =
      Set.of("kfree_skb_list", "kfree_skb_list_reason", "__dev_queue_xmit", "__dev_xmit_skb");

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
        .filter(journey -> isOfLink(view, journey.last()))
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static boolean isOfLink(ConversationView view, Event drop) {
    return !drop.deviceIsLoopback()
        && (view.snapshot().reason(drop).equals(QDISC_DROP)
            || view.isNeighbourDrop(drop)
            || (view.isReasonless(drop) && LOCATIONS.contains(view.snapshot().location(drop))));
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    Optional<NetnsFacts> facts = view.snapshot().netns(drop.netns());
    if (!drop.deviceIsUp()) {
      return Optional.of(down(view, journey, facts));
    }
    Optional<Finding> noCarrier =
        facts.flatMap(known ->
            known
                .device(drop.ifindex())
                .filter(Device::up)
                .filter(device -> !hasCarrier(known, device))
                .flatMap(device -> noCarrier(view, journey, known, device)));
    return DeviceQdiscs.of(view.snapshot(), drop).isBeforeActivation()
        ? noCarrier.or(() -> Optional.of(comingUp(view, journey)))
        : noCarrier;
  }

  public static boolean hasCarrier(NetnsFacts facts, Device device) {
    return facts.details().link(device.ifindex()).map(Link::carrier).orElse(true);
  }

  private static Finding down(ConversationView view, Journey journey, Optional<NetnsFacts> facts) {
    Event drop = journey.last();
    return builder(Cause.LINK_DOWN, view, journey)
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
                known.device(drop.ifindex()).map(device -> setUp(view, journey, known, device))))
        .at(drop, journey, view, view.drops().size());
  }

  private static Optional<Finding> noCarrier(
      ConversationView view, Journey journey, NetnsFacts facts, Device device) {
    Optional<PeerDevice> peer = PeerDevice.of(view.snapshot(), facts, device.ifindex());
    if (peer.isPresent()) {
      // Where it is up by now, what was read afterwards does not explain the drop.
      return peer.filter(other -> !other.device().up())
          .map(other -> peerDown(view, journey, facts, device, other));
    }
    return Optional.of(
        PeerDevice.isVeth(facts, device.ifindex())
            ? peerUnknown(view, journey, device)
            : unplugged(view, journey, device));
  }

  private static Finding peerDown(
      ConversationView view, Journey journey, NetnsFacts facts, Device device, PeerDevice peer) {
    boolean veth = PeerDevice.isVeth(facts, device.ifindex());
    return builder(veth ? Cause.PEER_DOWN : Cause.LINK_DOWN, view, journey)
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
        .fix(Optional.of(setUp(view, journey, peer.facts(), peer.device())))
        .at(peer.facts(), peer.device(), journey, view.drops().size());
  }

  private static Finding peerUnknown(ConversationView view, Journey journey, Device device) {
    return builder(Cause.PEER_DOWN, view, journey)
        .title("%s has no carrier: the other end of its pair is down", device.name())
        .explanation(
            "A veth device has carrier only while its peer is up. The peer is in a namespace that"
                + " has neither a name nor a process that may be looked at.")
        .proves(Evidence.Kind.DEVICE, "%s is up and has no carrier", device.name())
        .at(journey.last(), journey, view, view.drops().size());
  }

  private static Finding unplugged(ConversationView view, Journey journey, Device device) {
    return builder(Cause.LINK_DOWN, view, journey)
        .title("%s has no carrier", device.name())
        .explanation(
            "%s is up, but nothing is connected to it, or the other end is off. Without carrier"
                + " its queue is the noop qdisc, which drops all it is given.",
            device.name())
        .proves(Evidence.Kind.DEVICE, "%s is up and has no carrier", device.name())
        .at(journey.last(), journey, view, view.drops().size());
  }

  private static Finding comingUp(ConversationView view, Journey journey) {
    Event drop = journey.last();
    return builder(Cause.LINK_DOWN, view, journey)
        .title("the link of %s had only just come up", drop.ifname())
        .explanation(
            "%s is up and has a carrier, but the kernel replaces the noop qdisc of a link that was"
                + " down by a real one only up to a second later. Run the command again.",
            drop.ifname())
        .proves(Evidence.Kind.DEVICE, "the queue that %s has by now dropped nothing", drop.ifname())
        .at(drop, journey, view, view.drops().size());
  }

  private static FindingBuilder builder(Cause cause, ConversationView view, Journey journey) {
    Event drop = journey.last();
    return new FindingBuilder(cause, Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.freed(view, journey));
  }

  private static Fix setUp(
      ConversationView view, Journey journey, NetnsFacts facts, Device device) {
    return NeighbourFlush.after(PeerDevice.setUp(facts, device), view, journey);
  }
}
