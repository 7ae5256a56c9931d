package io.vethtrace.daemon.diagnose;

import static io.vethtrace.daemon.fixture.Packets.ip;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.kernel.Device;
import io.vethtrace.daemon.kernel.Filters;
import io.vethtrace.daemon.kernel.HostFacts;
import io.vethtrace.daemon.kernel.Link;
import io.vethtrace.daemon.kernel.LinkLayer;
import io.vethtrace.daemon.kernel.NetnsDetails;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.Routing;
import io.vethtrace.daemon.kernel.SocketFacts;
import io.vethtrace.daemon.kernel.Sysctls;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What happens on the machine of the original experiment: one namespace with veth0 (192.168.1.1)
 * and its peer veth1 (192.168.1.2), and {@code ping -I veth0 192.168.1.2}.
 */
final class Scene {
  static final int NETNS = 100;
  static final String A = "192.168.1.1";
  static final String B = "192.168.1.2";
  static final Dev VETH0 = Dev.up(NETNS, 2, "veth0");
  static final Dev VETH1 = Dev.up(NETNS, 3, "veth1");
  static final Dev LO = Dev.lo(NETNS, true);
  static final Dev LO_DOWN = Dev.lo(NETNS, false);

  private static final Link VETH =
      new Link(
          "02:00:00:00:00:01",
          1500,
          "veth",
          true,
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          "noqueue",
          OptionalInt.of(7));

  final Kernel kernel;
  private final Conversations conversations = new Conversations(1000);
  private final Map<Integer, NetnsFacts> namespaces = new HashMap<>();
  private HostFacts host = HostFacts.NONE;

  Scene(Kernel kernel) {
    this.kernel = kernel;
    settings(new SourceSettings(0, 0, 0, 0));
  }

  /** What /proc/sys says about veth1 and "all" when the verdict is made. */
  Scene settings(SourceSettings settings) {
    return knows(netns(NETNS, "veth", settings));
  }

  /** The namespace's links, all with a carrier, its filters and its queues. */
  Scene filters(Filters filters) {
    NetnsFacts facts = Objects.requireNonNull(namespaces.get(NETNS));
    return knows(
        new NetnsFacts(
            facts.inode(),
            facts.displayName(),
            facts.commandPrefix(),
            facts.rpFilterAll(),
            facts.acceptLocalAll(),
            facts.devices(),
            new NetnsDetails(
                new Sysctls(Map.of()),
                Map.of(2, VETH, 3, VETH),
                SocketFacts.NONE,
                LinkLayer.NONE,
                filters,
                Routing.NONE)));
  }

  Scene knows(NetnsFacts facts) {
    namespaces.put(facts.inode(), facts);
    return this;
  }

  /** The namespace's device with this index is called {@code name}. */
  Scene called(int ifindex, String name) {
    NetnsFacts facts = Objects.requireNonNull(namespaces.get(NETNS));
    return knows(
        new NetnsFacts(
            facts.inode(),
            facts.displayName(),
            facts.commandPrefix(),
            facts.rpFilterAll(),
            facts.acceptLocalAll(),
            facts.devices().stream()
                .map(d -> d.ifindex() == ifindex ? named(d, name) : d)
                .toList()));
  }

  private static Device named(Device device, String name) {
    return new Device(
        device.ifindex(),
        name,
        device.up(),
        device.loopback(),
        device.addresses(),
        device.rpFilter(),
        device.acceptLocal());
  }

  /** The namespace's details, besides what it has. */
  Scene details(Map<String, Integer> sysctls, SocketFacts sockets) {
    NetnsFacts facts = Objects.requireNonNull(namespaces.get(NETNS));
    return knows(
        new NetnsFacts(
            facts.inode(),
            facts.displayName(),
            facts.commandPrefix(),
            facts.rpFilterAll(),
            facts.acceptLocalAll(),
            facts.devices(),
            new NetnsDetails(
                new Sysctls(sysctls),
                Map.of(),
                sockets,
                LinkLayer.NONE,
                Filters.NONE,
                Routing.NONE)));
  }

  Scene host(HostFacts facts) {
    host = facts;
    return this;
  }

  Scene knowsNothing() {
    namespaces.clear();
    return this;
  }

  /** A namespace of one veth pair, whose devices are called PREFIX0 and PREFIX1. */
  static NetnsFacts netns(int inode, String prefix, SourceSettings settings) {
    return new NetnsFacts(
        inode,
        "blog" + inode,
        "ip netns exec blog%d ".formatted(inode),
        settings.rpFilterAll(),
        settings.acceptLocalAll(),
        List.of(
            device(1, "lo", "127.0.0.1", settings),
            device(2, prefix + "0", A, settings),
            device(3, prefix + "1", B, settings)));
  }

  private static Device device(int ifindex, String name, String address, SourceSettings settings) {
    return new Device(
        ifindex,
        name,
        true,
        ifindex == 1,
        List.of(ip(address)),
        OptionalInt.of(settings.rpFilterDev()),
        OptionalInt.of(settings.acceptLocalDev()));
  }

  Scene happens(Skb... skbs) {
    Stream.of(skbs).map(Skb::journey).forEach(conversations::add);
    return this;
  }

  Snapshot snapshot() {
    return new Snapshot(
        kernel.reasons(), kernel.symbols(), kernel.blind(), namespaces, Map.of(), host);
  }

  List<Finding> findings() {
    return Diagnosis.of(conversations.all(), snapshot());
  }

  /** The one finding that there is. */
  Finding finding() {
    List<Finding> findings = findings();
    if (findings.size() != 1) {
      throw new AssertionError("findings: " + findings);
    }
    return findings.getFirst();
  }

  Conversations conversations() {
    return conversations;
  }

  /** The ARP request crosses the pair and is validated on veth1. */
  static Skb arpRefused(int result, SourceSettings settings) {
    return Skb.of(Packets.arpRequest(A, B))
        .across(VETH0, VETH1)
        .validated(VETH1, result, settings)
        .consumed(VETH1);
  }

  /** The ARP request crosses the pair, and no more is seen of it. */
  static Skb arpAsked() {
    return Skb.of(Packets.arpRequest(A, B)).across(VETH0, VETH1).consumed(VETH1);
  }

  static Skb arpAnswered() {
    return Skb.of(Packets.arpReply(B, A)).across(VETH1, VETH0).consumed(VETH0);
  }

  static Skb echo(int sequence) {
    return Skb.of(Packets.echo(A, B, 9, sequence)).across(VETH0, VETH1).consumed(VETH1);
  }

  /** The reply goes to one of the namespace's own addresses: through lo. */
  Skb echoAnswered(int sequence, String place) {
    Skb reply = Skb.of(Packets.echoReply(B, A, 9, sequence)).through(LO);
    return kernel.reasons().known()
        ? reply.dropped(LO, kernel.reason("NO_SOCKET"), Kernel.place(place))
        : reply.droppedWithoutReason(LO, Kernel.place(place));
  }

  /** The queued echo dies three seconds later. */
  Skb echoDied(int sequence) {
    Skb echo = Skb.of(Packets.echo(A, B, 9, sequence)).atMs(3000);
    return kernel.reasons().known()
        ? echo.dropped(VETH0, kernel.reason("NEIGH_FAILED"), Kernel.place("neigh_invalidate"))
        : echo.droppedWithoutReason(VETH0, Kernel.place("neigh_invalidate"));
  }

  /** What ping hears of it. */
  static Skb hostUnreachable(int sequence) {
    return Skb.of(Packets.icmpError(A, A, 3, Packets.echo(A, B, 9, sequence)))
        .atMs(3000)
        .through(LO)
        .consumed(LO);
  }

  /** The reply dies in the noop qdisc of lo. */
  Skb replyDiedOnLo(int sequence) {
    Skb reply = Skb.of(Packets.echoReply(B, A, 9, sequence));
    return kernel.reasons().known()
        ? reply.dropped(LO_DOWN, kernel.reason("QDISC_DROP"), Kernel.place("kfree_skb_list_reason"))
        : reply.droppedWithoutReason(LO_DOWN, Kernel.place("kfree_skb_list"));
  }

  /** A ping with all that belongs to it. */
  Scene healthyPing(String place) {
    return happens(arpAsked(), arpAnswered(), echo(1), echoAnswered(1, place));
  }

  /** A UDP datagram that netfilter drops before it has a device. */
  Skb dropped(int sport, String reason, String place) {
    return Skb.of(Packets.udp(A, sport, B, 53))
        .at(Hook.NETIF_RX, VETH1)
        .dropped(VETH1, kernel.reason(reason), Kernel.place(place));
  }
}
