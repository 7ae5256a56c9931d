package io.vethtrace.daemon.kernel.link;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import io.vethtrace.daemon.kernel.netlink.RtnetlinkSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@link LinkFacts} in the namespace of the calling thread (rtnetlink(7)). */
public final class LinkFactsReader {
  private static final int IFINFOMSG_BYTES = 16; // struct ifinfomsg, linux/rtnetlink.h
  private static final int IFADDRMSG_BYTES = 8; // struct ifaddrmsg, linux/if_addr.h
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_F_TENTATIVE = 0x40;
  private static final int AF_INET = 2; // linux/socket.h
  private static final int AF_BRIDGE = 7;
  private static final int AF_INET6 = 10;
  private static final int IFLA_LINKINFO = 18; // linux/if_link.h
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int IFLA_INFO_SLAVE_KIND = 4;
  private static final int IFLA_INFO_SLAVE_DATA = 5;
  private static final int IFLA_AF_SPEC = 26;
  private static final int IFLA_EXT_MASK = 29;
  private static final int IFLA_BRIDGE_VLAN_INFO = 2; // linux/if_bridge.h
  private static final int RTEXT_FILTER_BRVLAN = 1 << 1; // linux/rtnetlink.h
  private static final String BRIDGE = "bridge";

  private final Map<Integer, Bridge> bridges = new HashMap<>();
  private final Map<Integer, BridgePort> ports = new HashMap<>();

  private LinkFactsReader() {}

  /**
   * Reads what the two dumps do not hold and joins it with them.
   *
   * @param links the answers to RTM_GETLINK
   * @param addresses the answers to RTM_GETADDR
   */
  public static LinkFacts read(
      RtnetlinkSocket netlink, List<ByteBuffer> links, List<ByteBuffer> addresses)
      throws IOException {
    LinkFactsReader reader = new LinkFactsReader();
    links.forEach(reader::take);
    return new LinkFacts(
        addresses.stream().flatMap(message -> address(message).stream()).toList(),
        neighbours(netlink),
        reader.bridges,
        reader.ports,
        reader.filters() ? vlans(netlink) : Map.of(),
        Map.of());
  }

  private void take(ByteBuffer link) {
    int ifindex = link.getInt(4);
    new NetlinkAttributes(link, IFINFOMSG_BYTES)
        .nested(IFLA_LINKINFO)
        .ifPresent(info -> take(ifindex, info));
  }

  private void take(int ifindex, NetlinkAttributes info) {
    if (info.string(IFLA_INFO_KIND).filter(BRIDGE::equals).isPresent()) {
      info.nested(IFLA_INFO_DATA).ifPresent(data -> bridges.put(ifindex, Bridge.of(data)));
    }
    if (info.string(IFLA_INFO_SLAVE_KIND).filter(BRIDGE::equals).isPresent()) {
      info.nested(IFLA_INFO_SLAVE_DATA).ifPresent(data -> ports.put(ifindex, BridgePort.of(data)));
    }
  }

  private boolean filters() {
    return bridges.values().stream().anyMatch(Bridge::vlanFiltering);
  }

  private static List<NeighbourEntry> neighbours(RtnetlinkSocket netlink) throws IOException {
    return netlink
        .dump(
            RtnetlinkSocket.RTM_GETNEIGH, RtnetlinkSocket.RTM_NEWNEIGH, NeighbourEntry.NDMSG_BYTES)
        .stream()
        .flatMap(message -> NeighbourEntry.of(message).stream())
        .toList();
  }

  // ifaddrmsg: family u8, prefixlen u8, flags u8, scope u8, index u32 at 4
  private static Optional<InterfaceAddress> address(ByteBuffer message) {
    int family = message.get(0);
    NetlinkAttributes attributes = new NetlinkAttributes(message, IFADDRMSG_BYTES);
    Optional<InetAddress> network = attributes.address(IFA_ADDRESS);
    Optional<InetAddress> own = attributes.address(IFA_LOCAL).or(() -> network);
    return family == AF_INET || family == AF_INET6
        ? own.map(address ->
            new InterfaceAddress(
                message.getInt(4),
                address,
                network.orElse(address),
                message.get(1) & 0xff,
                message.get(3) & 0xff,
                (message.get(2) & IFA_F_TENTATIVE) != 0))
        : Optional.empty();
  }

  /**
   * Reads the VLANs of all ports. Each VLAN is an attribute of its own (br_fill_ifvlaninfo,
   * br_netlink.c).
   */
  private static Map<Integer, BridgeVlans> vlans(RtnetlinkSocket netlink) throws IOException {
    Map<Integer, BridgeVlans> vlans = new HashMap<>();
    for (ByteBuffer link :
        netlink.dump(RtnetlinkSocket.RTM_GETLINK, RtnetlinkSocket.RTM_NEWLINK, ofBridges())) {
      new NetlinkAttributes(link, IFINFOMSG_BYTES)
          .nested(IFLA_AF_SPEC)
          .ifPresent(
              spec -> vlans.put(link.getInt(4), BridgeVlans.of(spec.all(IFLA_BRIDGE_VLAN_INFO))));
    }
    return vlans;
  }

  private static byte[] ofBridges() {
    ByteBuffer payload =
        ByteBuffer.allocate(IFINFOMSG_BYTES + 8)
            .order(ByteOrder.nativeOrder())
            .put((byte) AF_BRIDGE);
    payload.position(IFINFOMSG_BYTES);
    payload.putShort((short) 8).putShort((short) IFLA_EXT_MASK).putInt(RTEXT_FILTER_BRVLAN);
    return payload.array();
  }
}
