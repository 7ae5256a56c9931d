package io.vethtrace.daemon.diagnose;

import static io.vethtrace.daemon.fixture.Packets.ip;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.kernel.Bridge;
import io.vethtrace.daemon.kernel.BridgePort;
import io.vethtrace.daemon.kernel.BridgeVlans;
import io.vethtrace.daemon.kernel.Device;
import io.vethtrace.daemon.kernel.Filters;
import io.vethtrace.daemon.kernel.InterfaceAddress;
import io.vethtrace.daemon.kernel.Link;
import io.vethtrace.daemon.kernel.LinkLayer;
import io.vethtrace.daemon.kernel.NeighbourEntry;
import io.vethtrace.daemon.kernel.NetnsDetails;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.Routing;
import io.vethtrace.daemon.kernel.SocketFacts;
import io.vethtrace.daemon.kernel.Sysctls;
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
final class LinkScene {
  static final String CLIENT = "10.0.0.1";
  static final String SERVER = "10.0.0.2";
  static final int CLIENT_NETNS = 1;
  static final int BRIDGE_NETNS = 2;
  static final int SERVER_NETNS = 3;
  static final Dev VETH0 = Dev.up(CLIENT_NETNS, 2, "veth0");
  static final Dev VETH1 = Dev.up(SERVER_NETNS, 2, "veth1");
  static final Dev PORT1 = Dev.up(BRIDGE_NETNS, 2, "port1");
  static final Dev PORT2 = Dev.up(BRIDGE_NETNS, 3, "port2");
  static final Dev BR0 = Dev.up(BRIDGE_NETNS, 4, "br0");
  static final BridgePort FORWARDING = new BridgePort(3, false, true, true, true);

  private LinkScene() {}

  /** A namespace while a test describes it. */
  static final class Net {
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

    Net(int inode, String name) {
      this.inode = inode;
      this.name = name;
    }

    /** A veth end, whose peer has an index in the namespace that this one knows by an id. */
    Net veth(int ifindex, String dev, boolean up, boolean carrier, int peer, int netnsid) {
      return link(ifindex, dev, up, carrier, "veth", OptionalInt.empty(), peer, netnsid);
    }

    Net port(int ifindex, String dev, boolean up, int netnsid, BridgePort settings) {
      ports.put(ifindex, settings);
      return link(ifindex, dev, up, up, "veth", OptionalInt.of(4), 2, netnsid);
    }

    Net bridge(boolean up, Bridge settings) {
      bridges.put(4, settings);
      devices.add(device(4, "br0", up, List.of()));
      return this;
    }

    Net vlans(int port, OptionalInt pvid, Integer... ids) {
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

    Net address(int ifindex, String address, int prefixLength) {
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

    Net sysctl(String key, int value) {
      sysctls.put(key, value);
      return this;
    }

    /** The ids by which namespaces know each other are the inodes here. */
    NetnsFacts facts() {
      Map<Integer, Integer> ids = Map.of(1, 1, 2, 2, 3, 3);
      LinkLayer layer = new LinkLayer(addresses, neighbours, bridges, ports, vlans, ids);
      return new NetnsFacts(
          inode,
          name,
          "ip netns exec %s ".formatted(name),
          0,
          0,
          devices,
          new NetnsDetails(
              new Sysctls(sysctls), links, SocketFacts.NONE, layer, Filters.NONE, Routing.NONE));
    }

    private static Device device(int ifindex, String dev, boolean up, List<InetAddress> addresses) {
      return new Device(ifindex, dev, up, false, addresses, OptionalInt.of(0), OptionalInt.of(1));
    }
  }

  static Net client(boolean carrier) {
    return new Net(CLIENT_NETNS, "client")
        .veth(2, "veth0", true, carrier, 2, SERVER_NETNS)
        .address(2, CLIENT, 24);
  }

  static Net server(boolean up) {
    return new Net(SERVER_NETNS, "server")
        .veth(2, "veth1", up, up, 2, CLIENT_NETNS)
        .address(2, SERVER, 24);
  }

  /** A bridge that forwards, whose ports have these settings. */
  static Net bridge(BridgePort port1, BridgePort port2, Bridge settings) {
    return new Net(BRIDGE_NETNS, "switch")
        .port(2, "port1", true, CLIENT_NETNS, port1)
        .port(3, "port2", true, SERVER_NETNS, port2)
        .bridge(true, settings);
  }

  static Net bridge(BridgePort port1, BridgePort port2) {
    return bridge(port1, port2, new Bridge(false, false));
  }

  static Scene of(Kernel kernel, Net... nets) {
    Scene scene = new Scene(kernel);
    for (Net net : nets) {
      scene.knows(net.facts());
    }
    return scene;
  }

  static Frame request() {
    return Packets.to("ff:ff:ff:ff:ff:ff", Packets.arpRequest(CLIENT, SERVER));
  }

  /** The client's request dies before it leaves. */
  static Skb requestDied(Kernel kernel, Dev veth0) {
    Skb request = Skb.of(request());
    return kernel.reasons().known()
        ? request.dropped(veth0, kernel.reason("QDISC_DROP"), Kernel.place("__dev_queue_xmit"))
        : request.droppedWithoutReason(veth0, Kernel.place("kfree_skb_list"));
  }

  /** The client's request comes to the server and ends there without a reply. */
  static Skb requestArrived(Dev veth1) {
    return Skb.of(request()).across(VETH0, veth1).consumed(veth1);
  }

  /** The client's request comes to the bridge, and nothing leaves it. */
  static Skb requestOnBridge() {
    return Skb.of(request()).across(VETH0, PORT1).consumed(BR0);
  }

  /** The bridge drops the request as it comes in. */
  static Skb requestRefused(Kernel kernel) {
    Skb request = Skb.of(request()).across(VETH0, PORT1);
    long place = Kernel.place("br_handle_frame");
    return kernel.reasons().number("BRIDGE_INGRESS_STP_STATE").isPresent()
        ? request.dropped(PORT1, kernel.reason("BRIDGE_INGRESS_STP_STATE"), place)
        : request.droppedWithoutReason(PORT1, place);
  }

  static Optional<String> firstCommand(Finding finding) {
    return finding.fixes().stream().flatMap(fix -> fix.commands().stream()).findFirst();
  }
}
