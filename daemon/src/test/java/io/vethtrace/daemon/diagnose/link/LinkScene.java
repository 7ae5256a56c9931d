package io.vethtrace.daemon.diagnose.link;

import static io.vethtrace.daemon.fixture.Packets.ip;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.NetnsFactsBuilder;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.link.Bridge;
import io.vethtrace.daemon.kernel.link.BridgePort;
import io.vethtrace.daemon.kernel.link.BridgeVlans;
import io.vethtrace.daemon.kernel.link.InterfaceAddress;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.LinkFacts;
import io.vethtrace.daemon.kernel.link.NeighbourEntry;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.packet.Frame;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The networks of the faults of links: a client (veth0, 10.0.0.1) and a server (veth1, 10.0.0.2),
 * joined by one pair, or each to a port of a bridge.
 */
public final class LinkScene {
  public static final String CLIENT = "10.0.0.1";
  public static final String SERVER = "10.0.0.2";
  public static final int CLIENT_NETNS = 1;
  public static final int BRIDGE_NETNS = 2;
  public static final int SERVER_NETNS = 3;
  public static final TestDevice VETH0 = TestDevice.up(CLIENT_NETNS, 2, "veth0");
  public static final TestDevice VETH1 = TestDevice.up(SERVER_NETNS, 2, "veth1");
  public static final TestDevice PORT1 = TestDevice.up(BRIDGE_NETNS, 2, "port1");
  public static final TestDevice PORT2 = TestDevice.up(BRIDGE_NETNS, 3, "port2");
  static final TestDevice BR0 = TestDevice.up(BRIDGE_NETNS, 4, "br0");
  public static final BridgePort FORWARDING = new BridgePort(3, false, true, true, true);

  private LinkScene() {}

  /** A namespace while a test describes it. */
  public static final class Net {
    private final int inode;
    private final String name;
    private final List<Device> devices = new ArrayList<>();
    private final Map<Integer, Link> links = new HashMap<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final List<NeighbourEntry> neighbours = new ArrayList<>();
    private final Map<Integer, Bridge> bridges = new HashMap<>();
    private final Map<Integer, BridgePort> ports = new HashMap<>();
    private final Map<Integer, BridgeVlans> vlans = new HashMap<>();
    private final Map<String, Integer> sysctls = new HashMap<>();

    public Net(int inode, String name) {
      this.inode = inode;
      this.name = name;
    }

    /** A veth end, whose peer has an index in the namespace that this one knows by an id. */
    public Net veth(int ifindex, String dev, boolean up, boolean carrier, int peer, int netnsid) {
      return link(ifindex, dev, up, carrier, "veth", OptionalInt.empty(), peer, netnsid);
    }

    public Net port(int ifindex, String dev, boolean up, int netnsid, BridgePort settings) {
      ports.put(ifindex, settings);
      return link(ifindex, dev, up, up, "veth", OptionalInt.of(4), 2, netnsid);
    }

    public Net bridge(boolean up, Bridge settings) {
      bridges.put(4, settings);
      devices.add(device(4, "br0", up, List.of()));
      return this;
    }

    public Net vlans(int port, OptionalInt pvid, Integer... ids) {
      vlans.put(port, new BridgeVlans(pvid, Set.of(ids)));
      return this;
    }

    private Net link(
        int ifindex,
        String dev,
        boolean up,
        boolean carrier,
        String kind,
        OptionalInt master,
        int peer,
        int netnsid) {
      devices.add(device(ifindex, dev, up, List.of()));
      links.put(
          ifindex,
          new Link(
              "02:00:00:00:00:0" + inode,
              1500,
              kind,
              carrier,
              master,
              OptionalInt.of(peer),
              OptionalInt.of(netnsid),
              "noqueue",
              OptionalInt.empty()));
      return this;
    }

    public Net address(int ifindex, String address, int prefixLength) {
      addresses.add(
          new InterfaceAddress(ifindex, ip(address), ip(address), prefixLength, 0, false));
      devices.replaceAll(device ->
          device.ifindex() == ifindex
              ? device(ifindex, device.name(), device.up(), List.of(ip(address)))
              : device);
      return this;
    }

    Net neighbour(int ifindex, String address, String mac) {
      neighbours.add(new NeighbourEntry(ifindex, ip(address), mac, true));
      return this;
    }

    public Net sysctl(String key, int value) {
      sysctls.put(key, value);
      return this;
    }

    /** The ids by which namespaces know each other are the inodes here. */
    NetnsFacts facts() {
      Map<Integer, Integer> ids = Map.of(1, 1, 2, 2, 3, 3);
      LinkFacts layer = new LinkFacts(addresses, neighbours, bridges, ports, vlans, ids);
      return NetnsFactsBuilder.netns(inode, name)
          .devices(devices)
          .sysctls(sysctls)
          .links(links)
          .linkLayer(layer)
          .build();
    }

    private static Device device(int ifindex, String dev, boolean up, List<InetAddress> addresses) {
      return new Device(ifindex, dev, up, false, addresses, OptionalInt.of(0), OptionalInt.of(1));
    }
  }

  public static Net client(boolean carrier) {
    return new Net(CLIENT_NETNS, "client")
        .veth(2, "veth0", true, carrier, 2, SERVER_NETNS)
        .address(2, CLIENT, 24);
  }

  public static Net server(boolean up) {
    return new Net(SERVER_NETNS, "server")
        .veth(2, "veth1", up, up, 2, CLIENT_NETNS)
        .address(2, SERVER, 24);
  }

  /** A bridge that forwards, whose ports have these settings. */
  public static Net bridge(BridgePort port1, BridgePort port2, Bridge settings) {
    return new Net(BRIDGE_NETNS, "switch")
        .port(2, "port1", true, CLIENT_NETNS, port1)
        .port(3, "port2", true, SERVER_NETNS, port2)
        .bridge(true, settings);
  }

  public static Net bridge(BridgePort port1, BridgePort port2) {
    return bridge(port1, port2, new Bridge(false, false));
  }

  public static OneNetnsScene of(TestKernel kernel, Net... nets) {
    OneNetnsScene scene = new OneNetnsScene(kernel);
    for (Net net : nets) {
      scene.knows(net.facts());
    }
    return scene;
  }

  public static Frame request() {
    return Packets.to("ff:ff:ff:ff:ff:ff", Packets.arpRequest(CLIENT, SERVER));
  }

  /** The client's request dies before it leaves. */
  static TracedSkb requestDied(TestKernel kernel, TestDevice veth0) {
    TracedSkb request = TracedSkb.of(request());
    return kernel.reasons().areNamed()
        ? request.dropped(veth0, kernel.reason("QDISC_DROP"), TestKernel.place("__dev_queue_xmit"))
        : request.droppedWithoutReason(veth0, TestKernel.place("kfree_skb_list"));
  }

  /** The client's request comes to the server and ends there without a reply. */
  public static TracedSkb requestArrived(TestDevice veth1) {
    return TracedSkb.of(request()).across(VETH0, veth1).consumed(veth1);
  }

  /** The client's request comes to the bridge, and nothing leaves it. */
  public static TracedSkb requestOnBridge() {
    return TracedSkb.of(request()).across(VETH0, PORT1).consumed(BR0);
  }

  /** The bridge drops the request as it comes in. */
  public static TracedSkb requestRefused(TestKernel kernel) {
    TracedSkb request = TracedSkb.of(request()).across(VETH0, PORT1);
    long place = TestKernel.place("br_handle_frame");
    return kernel.reasons().number("BRIDGE_INGRESS_STP_STATE").isPresent()
        ? request.dropped(PORT1, kernel.reason("BRIDGE_INGRESS_STP_STATE"), place)
        : request.droppedWithoutReason(PORT1, place);
  }

  public static Optional<String> firstCommand(Finding finding) {
    return finding.fixes().stream().flatMap(fix -> fix.commands().stream()).findFirst();
  }
}
