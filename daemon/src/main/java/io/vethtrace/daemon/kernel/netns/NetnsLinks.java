package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.NamedLink;
import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import io.vethtrace.daemon.kernel.netlink.RtnetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The devices of a namespace, read at once and with nothing else, for what is asked often.
 *
 * @param byIndex by ifindex
 * @param cookie low half of what no other namespace has until the next boot, though it may get the
 *     inode (SO_NETNS_COOKIE); 0 before 5.14
 * @param namespaces inodes by the ids that this namespace has for others, as far as they were asked
 *     for and found
 */
public record NetnsLinks(
    Map<Integer, NamedLink> byIndex, int cookie, Map<Integer, Integer> namespaces) {
  private static final int IFINFOMSG_BYTES = 16; // struct ifinfomsg, linux/rtnetlink.h
  private static final int IFLA_IFNAME = 3; // linux/if_link.h

  public NetnsLinks {
    byIndex = Map.copyOf(byIndex);
    namespaces = Map.copyOf(namespaces);
  }

  /**
   * Reads the devices of the namespace that this thread is in.
   *
   * @param candidates namespaces in which the other ends of veth pairs are looked for
   */
  static NetnsLinks ofThisThread(Collection<Netns> candidates) throws IOException {
    Map<Integer, NamedLink> byIndex = new HashMap<>();
    int cookie;
    try (RtnetlinkSocket netlink = new RtnetlinkSocket()) {
      cookie = (int) netlink.cookie();
      for (ByteBuffer message :
          netlink.dump(RtnetlinkSocket.RTM_GETLINK, RtnetlinkSocket.RTM_NEWLINK, IFINFOMSG_BYTES)) {
        NetlinkAttributes attributes = new NetlinkAttributes(message, IFINFOMSG_BYTES);
        String ifname = attributes.string(IFLA_IFNAME).orElse("");
        byIndex.put(message.getInt(4), new NamedLink(ifname, Link.of(attributes)));
      }
    }
    Set<Integer> ids = idsOfPeers(byIndex);
    return new NetnsLinks(byIndex, cookie, ids.isEmpty() ? Map.of() : NetnsIds.of(ids, candidates));
  }

  private static Set<Integer> idsOfPeers(Map<Integer, NamedLink> byIndex) {
    return byIndex.values().stream()
        .filter(NamedLink::isVeth)
        .map(named -> named.link().netnsid())
        .flatMapToInt(OptionalInt::stream)
        .filter(id -> id >= 0)
        .boxed()
        .collect(Collectors.toSet());
  }
}
