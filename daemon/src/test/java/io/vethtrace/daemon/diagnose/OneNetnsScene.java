package io.vethtrace.daemon.diagnose;

import static io.vethtrace.daemon.fixture.Packets.ip;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.fixture.NetnsFactsBuilder;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine of the original experiment: one namespace with veth0 (192.168.1.1) and its peer veth1
 * (192.168.1.2), and {@code ping -I veth0 192.168.1.2}.
 */
public final class OneNetnsScene {
  public static final int NETNS = 100;
  public static final String A = "192.168.1.1";
  public static final String B = "192.168.1.2";
  public static final TestDevice VETH0 = TestDevice.up(NETNS, 2, "veth0");
  public static final TestDevice VETH1 = TestDevice.up(NETNS, 3, "veth1");
  public static final TestDevice LO = TestDevice.lo(NETNS, true);
  static final TestDevice LO_DOWN = TestDevice.lo(NETNS, false);

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

  final TestKernel kernel;
  private final Set<Conversation> judged = new HashSet<>();
  private final Conversations conversations = new Conversations(1000, judged::contains);
  private final Map<Integer, NetnsFacts> namespaces = new HashMap<>();
  private HostFacts host = HostFacts.NONE;

  public OneNetnsScene(TestKernel kernel) {
    this.kernel = kernel;
    settings(new SourceCheckSysctls(0, 0, 0, 0));
  }

  /** Sets the values of veth1 and "all" in /proc/sys when the verdict is made. */
  public OneNetnsScene settings(SourceCheckSysctls settings) {
    return knows(netns(NETNS, "veth", settings));
  }

  /** The namespace's links, all with a carrier, its filters and its queues. */
  public OneNetnsScene filters(FiltersAndQueues filters) {
    NetnsFacts facts = Objects.requireNonNull(namespaces.get(NETNS));
    return knows(
        NetnsFactsBuilder.of(facts).links(Map.of(2, VETH, 3, VETH)).filters(filters).build());
  }

  public OneNetnsScene knows(NetnsFacts facts) {
    namespaces.put(facts.inode(), facts);
    return this;
  }

  /** The namespace's device with this index is called {@code name}. */
  public OneNetnsScene called(int ifindex, String name) {
    NetnsFacts facts = Objects.requireNonNull(namespaces.get(NETNS));
    return knows(
        NetnsFactsBuilder.of(facts)
            .devices(
                facts.devices().stream()
                    .map(d -> d.ifindex() == ifindex ? named(d, name) : d)
                    .toList())
            .build());
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
  public OneNetnsScene details(Map<String, Integer> sysctls, SocketFacts sockets) {
    NetnsFacts facts = Objects.requireNonNull(namespaces.get(NETNS));
    return knows(NetnsFactsBuilder.of(facts).sysctls(sysctls).sockets(sockets).build());
  }

  public OneNetnsScene host(HostFacts facts) {
    host = facts;
    return this;
  }

  public OneNetnsScene knowsNothing() {
    namespaces.clear();
    return this;
  }

  /** A namespace of one veth pair, whose devices are called PREFIX0 and PREFIX1. */
  public static NetnsFacts netns(int inode, String prefix, SourceCheckSysctls settings) {
    return NetnsFactsBuilder.netns(inode, "blog" + inode)
        .sourceCheckOfAll(settings.rpFilterAll(), settings.acceptLocalAll())
        .devices(
            List.of(
                device(1, "lo", "127.0.0.1", settings),
                device(2, prefix + "0", A, settings),
                device(3, prefix + "1", B, settings)))
        .build();
  }

  private static Device device(
      int ifindex, String name, String address, SourceCheckSysctls settings) {
    return new Device(
        ifindex,
        name,
        true,
        ifindex == 1,
        List.of(ip(address)),
        OptionalInt.of(settings.rpFilterDev()),
        OptionalInt.of(settings.acceptLocalDev()));
  }

  public OneNetnsScene happens(TracedSkb... skbs) {
    Stream.of(skbs).map(TracedSkb::journey).forEach(conversations::add);
    return this;
  }

  Snapshot snapshot() {
    return new Snapshot(
        kernel.reasons(), kernel.symbols(), kernel.blind(), namespaces, Map.of(), host);
  }

  public List<Finding> findings() {
    return Diagnosis.of(conversations.all(), snapshot());
  }

  /** The one finding that there is. */
  public Finding finding() {
    List<Finding> findings = findings();
    if (findings.size() != 1) {
      throw new AssertionError("findings: " + findings);
    }
    return findings.getFirst();
  }

  Conversations conversations() {
    return conversations;
  }

  /** Closes a conversation: what follows is judged by itself. */
  void judged(Conversation conversation) {
    judged.add(conversation);
  }

  /** The ARP request crosses the pair and is validated on veth1. */
  public static TracedSkb arpRefused(int result, SourceCheckSysctls settings) {
    return TracedSkb.of(Packets.arpRequest(A, B))
        .across(VETH0, VETH1)
        .validated(VETH1, result, settings)
        .consumed(VETH1);
  }

  /** The ARP request crosses the pair, and no more is seen of it. */
  public static TracedSkb arpAsked() {
    return TracedSkb.of(Packets.arpRequest(A, B)).across(VETH0, VETH1).consumed(VETH1);
  }

  public static TracedSkb arpAnswered() {
    return TracedSkb.of(Packets.arpReply(B, A)).across(VETH1, VETH0).consumed(VETH0);
  }

  public static TracedSkb echo(int sequence) {
    return TracedSkb.of(Packets.echo(A, B, 9, sequence)).across(VETH0, VETH1).consumed(VETH1);
  }

  /** The reply goes to one of the namespace's own addresses: through lo. */
  TracedSkb echoAnswered(int sequence, String place) {
    TracedSkb reply = TracedSkb.of(Packets.echoReply(B, A, 9, sequence)).through(LO);
    return kernel.reasons().areNamed()
        ? reply.dropped(LO, kernel.reason("NO_SOCKET"), TestKernel.place(place))
        : reply.droppedWithoutReason(LO, TestKernel.place(place));
  }

  /** The queued echo dies three seconds later. */
  public TracedSkb echoDied(int sequence) {
    TracedSkb echo = TracedSkb.of(Packets.echo(A, B, 9, sequence)).atMs(3000);
    return kernel.reasons().areNamed()
        ? echo.dropped(VETH0, kernel.reason("NEIGH_FAILED"), TestKernel.place("neigh_invalidate"))
        : echo.droppedWithoutReason(VETH0, TestKernel.place("neigh_invalidate"));
  }

  /** The ICMP error that ping receives. */
  static TracedSkb hostUnreachable(int sequence) {
    return TracedSkb.of(Packets.icmpError(A, A, 3, Packets.echo(A, B, 9, sequence)))
        .atMs(3000)
        .through(LO)
        .consumed(LO);
  }

  /** The reply dies in the noop qdisc of lo. */
  public TracedSkb replyDiedOnLo(int sequence) {
    TracedSkb reply = TracedSkb.of(Packets.echoReply(B, A, 9, sequence));
    return kernel.reasons().areNamed()
        ? reply.dropped(
            LO_DOWN, kernel.reason("QDISC_DROP"), TestKernel.place("kfree_skb_list_reason"))
        : reply.droppedWithoutReason(LO_DOWN, TestKernel.place("kfree_skb_list"));
  }

  /** A ping with all that belongs to it. */
  public OneNetnsScene healthyPing(String place) {
    return happens(arpAsked(), arpAnswered(), echo(1), echoAnswered(1, place));
  }

  /** A UDP datagram that netfilter drops before it has a device. */
  public TracedSkb dropped(int sport, String reason, String place) {
    return TracedSkb.of(Packets.udp(A, sport, B, 53))
        .at(Hook.NETIF_RX, VETH1)
        .dropped(VETH1, kernel.reason(reason), TestKernel.place(place));
  }
}
