package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueuesReader;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.LinkFacts;
import io.vethtrace.daemon.kernel.link.LinkFactsReader;
import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import io.vethtrace.daemon.kernel.netlink.RtnetlinkSocket;
import io.vethtrace.daemon.kernel.route.RouteReader;
import io.vethtrace.daemon.kernel.route.Routing;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.kernel.socket.SocketFactsReader;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import io.vethtrace.daemon.kernel.sysctl.SysctlReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads the namespace that the calling thread is in.
 *
 * <p>Devices and addresses come from rtnetlink, not from java.net.NetworkInterface: that one lists
 * only devices with an address, and takes IPv6 from /proc/net, which is the namespace of the
 * process's first thread (proc_tgid_net_lookup, fs/proc/proc_net.c). /proc/sys/net is that of the
 * thread that looks it up (net_ctl_header_lookup, net/sysctl_net.c).
 */
final class NetnsFactsReader {
  private static final int IFINFOMSG_BYTES = 16; // struct ifinfomsg, linux/rtnetlink.h
  private static final int IFLA_IFNAME = 3; // linux/if_link.h
  private static final int IFADDRMSG_BYTES = 8; // struct ifaddrmsg, linux/if_addr.h
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int AF_INET = 2; // linux/socket.h
  private static final int AF_INET6 = 10;
  private static final int IFF_UP = 1; // linux/if.h
  private static final int IFF_LOOPBACK = 8;

  private NetnsFactsReader() {}

  static NetnsFacts read(Netns netns, NetnsRequest request) throws IOException {
    try (RtnetlinkSocket netlink = new RtnetlinkSocket()) {
      List<ByteBuffer> links =
          netlink.dump(RtnetlinkSocket.RTM_GETLINK, RtnetlinkSocket.RTM_NEWLINK, IFINFOMSG_BYTES);
      List<ByteBuffer> addresses =
          netlink.dump(RtnetlinkSocket.RTM_GETADDR, RtnetlinkSocket.RTM_NEWADDR, IFADDRMSG_BYTES);
      List<Device> devices = devices(links, addresses(addresses));
      return new NetnsFacts(
          netns.inode(),
          netns.displayName(),
          netns.commandPrefix().orElseThrow(),
          settingOfAll("rp_filter"),
          settingOfAll("accept_local"),
          devices,
          details(
              links,
              devices,
              request.sockets() ? SocketFactsReader.read() : SocketFacts.NONE,
              LinkFactsReader.read(netlink, links, addresses),
              FiltersAndQueuesReader.read(netlink, request.filters()),
              new RouteReader(netlink).read(request.routeQueries())));
    }
  }

  private static NetnsDetails details(
      List<ByteBuffer> links,
      List<Device> devices,
      SocketFacts sockets,
      LinkFacts linkLayer,
      FiltersAndQueues filters,
      Routing routing) {
    Map<Integer, Link> byIndex = new HashMap<>();
    links.forEach(
        link -> byIndex.put(link.getInt(4), Link.of(new NetlinkAttributes(link, IFINFOMSG_BYTES))));
    return new NetnsDetails(
        SysctlReader.read(devices.stream().map(Device::name).toList()),
        byIndex,
        sockets,
        linkLayer,
        filters,
        routing);
  }

  private static List<Device> devices(
      List<ByteBuffer> links, Map<Integer, List<InetAddress>> addresses) throws IOException {
    List<Device> devices = new ArrayList<>();
    for (ByteBuffer link : links) {
      devices.add(device(link, addresses));
    }
    devices.sort(Comparator.comparingInt(Device::ifindex));
    return devices;
  }

  // ifinfomsg: family u8, pad u8, type u16, index i32 at 4, flags u32 at 8, change u32
  private static Device device(ByteBuffer link, Map<Integer, List<InetAddress>> addresses)
      throws IOException {
    int ifindex = link.getInt(4);
    int flags = link.getInt(8);
    String name =
        new NetlinkAttributes(link, IFINFOMSG_BYTES)
            .string(IFLA_IFNAME)
            .orElseThrow(() -> new IOException("netlink names no device with index " + ifindex));
    return new Device(
        ifindex,
        name,
        (flags & IFF_UP) != 0,
        (flags & IFF_LOOPBACK) != 0,
        addresses.getOrDefault(ifindex, List.of()),
        setting(name, "rp_filter"),
        setting(name, "accept_local"));
  }

  // ifaddrmsg: family u8, prefixlen u8, flags u8, scope u8, index u32 at 4
  private static Map<Integer, List<InetAddress>> addresses(List<ByteBuffer> messages)
      throws IOException {
    Map<Integer, List<InetAddress>> addresses = new HashMap<>();
    for (ByteBuffer message : messages) {
      int family = message.get(0);
      // The dump is of all families that have addresses: MCTP and Phonet too.
      if (family == AF_INET || family == AF_INET6) {
        addresses
            .computeIfAbsent(message.getInt(4), _ -> new ArrayList<>())
            .add(ownAddress(message));
      }
    }
    return addresses;
  }

  // On a point-to-point device IFA_ADDRESS is the other end; IFA_LOCAL is always this one.
  private static InetAddress ownAddress(ByteBuffer message) throws UnknownHostException {
    NetlinkAttributes attributes = new NetlinkAttributes(message, IFADDRMSG_BYTES);
    return InetAddress.getByAddress(
        attributes.bytes(IFA_LOCAL).or(() -> attributes.bytes(IFA_ADDRESS)).orElse(new byte[0]));
  }

  private static int settingOfAll(String name) throws IOException {
    Path file = DeviceSysctl.ipv4ConfFile(DeviceSysctl.ALL, name);
    return SysctlReader.number(file)
        .orElseThrow(() -> new IOException(file + " cannot be read: is /proc mounted?"));
  }

  private static OptionalInt setting(String device, String name) {
    return SysctlReader.number(DeviceSysctl.ipv4ConfFile(device, name));
  }
}
