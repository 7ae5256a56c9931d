package io.vethtrace.daemon.diagnose.route;

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
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.route.RouteAnswer;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A packet was too big for the next link. A router says so in an ICMP error (ip_forward,
 * net/ipv4/ip_forward.c; ip6_forward, net/ipv6/ip6_output.c: PKT_TOO_BIG where there are reasons);
 * between the ends of a veth (__dev_forward_skb, net/core/dev.c) and at the port of a bridge
 * (br_dev_queue_push_xmit, net/bridge/br_forward.c) nobody does.
 */
public final class MtuExceeded implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.MTU_EXCEEDED,
                  Detection.BY_DROP,
                  """
                  The next link takes less than the packet has. A router drops a packet that \
                  may not be fragmented and sends an ICMP error (`ip_forward`, \
                  `ip6_forward`). A bridge port (`br_dev_queue_push_xmit`) and a veth whose \
                  peer takes less (`__dev_forward_skb`, net/core/dev.c) drop without an \
                  error.\
                  """,
                  """
                  The drop there, the length of the packet, and the MTU of the link behind.\
                  """,
                  "At a bridge port or a peer: its MTU."))
          .needing(RouteQueries.OF_DROPS);

  private static final Set<String> ROUTER = Set.of("ip_forward", "ip6_forward");
  private static final Set<String> BRIDGE =
      Set.of("br_nf_dev_queue_xmit", "br_dev_queue_push_xmit", "br_forward_finish");
  private static final Set<String> VETH =
      Set.of("__dev_forward_skb2", "__dev_forward_skb", "dev_forward_skb", "veth_xmit");

  /** ETH_HLEN and VLAN_HLEN: what is_skb_forwardable grants beyond the MTU. */
  private static final int HEADER_BYTES = 14;

  private static final int GRANTED_BYTES = HEADER_BYTES + 4;

  /**
   * The link that takes less than the packet has.
   *
   * @param mtu what it takes
   * @param ipBytes what was to pass
   * @param wanted an MTU that its neighbour has; 0 where changing it is not the cure
   */
  private record Narrow(NetnsFacts facts, Device device, int mtu, int ipBytes, int wanted) {}

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
        .flatMap(journey -> narrow(view, journey).map(n -> finding(view, journey, n)).stream())
        .findFirst();
  }

  private static Optional<Narrow> narrow(ConversationView view, Journey journey) {
    Event drop = journey.last();
    String place = view.snapshot().location(drop);
    Optional<NetnsFacts> facts = view.snapshot().netns(drop.netns());
    if (ROUTER.contains(place)) {
      return facts.flatMap(f -> behindRouter(f, journey));
    }
    if (BRIDGE.contains(place)) {
      return facts.flatMap(f -> atPort(f, drop));
    }
    return VETH.contains(place) ? facts.flatMap(f -> atPeer(view, f, drop)) : Optional.empty();
  }

  private static Optional<Narrow> behindRouter(NetnsFacts facts, Journey journey) {
    Event drop = journey.last();
    return RouteQueries.way(journey, drop)
        .flatMap(facts.details().routing()::way)
        .flatMap(way -> tooNarrow(facts, way, drop));
  }

  private static Optional<Narrow> tooNarrow(NetnsFacts facts, RouteAnswer.Way way, Event drop) {
    Optional<Link> link = facts.details().link(way.oif());
    Optional<Device> device = facts.device(way.oif());
    if (link.isEmpty()
        || device.isEmpty()
        || IpHeader.of(drop).filter(IpHeader::indivisible).isEmpty()) {
      return Optional.empty();
    }
    int mtu = way.mtu().orElse(link.get().mtu());
    return drop.lenBytes() > mtu
        ? Optional.of(new Narrow(facts, device.get(), mtu, drop.lenBytes(), 0))
        : Optional.empty();
  }

  private static Optional<Narrow> atPort(NetnsFacts facts, Event drop) {
    Optional<Link> port = facts.details().link(drop.ifindex());
    if (port.isEmpty() || drop.lenBytes() <= port.get().mtu() + GRANTED_BYTES) {
      return Optional.empty();
    }
    int others =
        facts.details().links().values().stream()
            .filter(link -> link.master().equals(port.get().master()))
            .mapToInt(Link::mtu)
            .max()
            .orElse(0);
    int ipBytes = drop.lenBytes() - HEADER_BYTES;
    return facts
        .device(drop.ifindex())
        .map(device ->
            new Narrow(facts, device, port.get().mtu(), ipBytes, Math.max(others, ipBytes)));
  }

  /** The peer of the veth that sent; found by the two devices naming each other. */
  private static Optional<Narrow> atPeer(ConversationView view, NetnsFacts sender, Event drop) {
    Optional<Link> link = sender.details().link(drop.ifindex());
    if (link.isEmpty() || link.get().lower().isEmpty()) {
      return Optional.empty();
    }
    int peer = link.get().lower().getAsInt();
    return candidates(view, sender, link.get())
        .flatMap(facts -> peer(facts, peer, drop, link.get()).stream())
        .findFirst();
  }

  private static Stream<NetnsFacts> candidates(
      ConversationView view, NetnsFacts sender, Link link) {
    return view.snapshot().namespaces().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .filter(facts -> (facts.inode() == sender.inode()) == link.netnsid().isEmpty());
  }

  private static Optional<Narrow> peer(NetnsFacts facts, int peer, Event drop, Link sender) {
    return facts
        .details()
        .link(peer)
        .filter(link -> link.kind().equals("veth") && link.lower().orElse(0) == drop.ifindex())
        .filter(link -> drop.lenBytes() > link.mtu() + GRANTED_BYTES)
        .flatMap(link ->
            facts
                .device(peer)
                .map(device ->
                    new Narrow(
                        facts, device, link.mtu(), drop.lenBytes() - HEADER_BYTES, sender.mtu())));
  }

  private static Finding finding(ConversationView view, Journey journey, Narrow narrow) {
    Event drop = journey.last();
    String device = narrow.device().name();
    return new FindingBuilder(Cause.MTU_EXCEEDED, Verdict.DROPPED, Confidence.OBSERVED)
        .title("a packet of %d bytes is too big for %s", narrow.ipBytes(), device)
        .explanation("%s", explanation(narrow))
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(
            Evidence.Kind.DEVICE,
            "the MTU towards its destination on %s is %d",
            device,
            narrow.mtu())
        .proves(Evidence.Kind.PACKETS, "%s: %d bytes", journey.summary(), narrow.ipBytes())
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop))
        .fix(narrow.wanted() > 0 ? Optional.of(fix(narrow)) : Optional.empty())
        .at(narrow.facts(), narrow.device(), journey, view.conversation().requestCount());
  }

  private static String explanation(Narrow narrow) {
    return narrow.wanted() > 0
        ? "%s takes %d bytes. No router is here that could tell the sender: the frame is dropped in silence. All devices on one link need the same MTU."
            .formatted(narrow.device().name(), narrow.mtu())
        : "The packet may not be fragmented, and the link behind %s takes %d bytes. The router drops it and says so in an ICMP error with that MTU. The sender has to send less, which it does if it hears that error; or both ends of the link have to take more."
            .formatted(narrow.device().name(), narrow.mtu());
  }

  private static Fix fix(Narrow narrow) {
    return new Fix(
        List.of(
            "%sip link set dev %s mtu %d"
                .formatted(
                    narrow.facts().commandPrefix(),
                    ShellWord.of(narrow.device().name()),
                    narrow.wanted())),
        "Until the next boot. What is behind the device must take as much; else lower the MTU of"
            + " the sender.");
  }
}
