package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import io.vethtrace.daemon.kernel.netlink.NetnsSyscalls;
import io.vethtrace.daemon.kernel.netlink.RtnetlinkSocket;
import io.vethtrace.daemon.kernel.netlink.SyscallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ids that the calling thread's namespace has for others, by which its devices name the
 * namespaces of their peers (rtnl_net_getid, net/core/net_namespace.c). An id says nothing by
 * itself: each namespace that can be found is asked for.
 */
final class NetnsIds {
  private static final int RTGENMSG_BYTES = 4; // struct rtgenmsg, padded: linux/rtnetlink.h
  private static final int NETNSA_NSID = 1; // linux/net_namespace.h
  private static final int NETNSA_FD = 3;

  private NetnsIds() {}

  /** Inodes by id, of those that are in {@code wanted} and among {@code candidates}. */
  static Map<Integer, Integer> of(Set<Integer> wanted, Collection<Netns> candidates)
      throws IOException {
    Map<Integer, Integer> known = new HashMap<>();
    try (RtnetlinkSocket netlink = new RtnetlinkSocket()) {
      for (Netns candidate : candidates) {
        if (known.size() == wanted.size()) {
          break;
        }
        OptionalInt id = idOf(netlink, candidate.file());
        id.stream().filter(wanted::contains).forEach(nsid -> known.put(nsid, candidate.inode()));
      }
    }
    return known;
  }

  private static OptionalInt idOf(RtnetlinkSocket netlink, Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      return OptionalInt.empty();
    }
    int fd;
    try {
      fd = NetnsSyscalls.open(file.get());
    } catch (SyscallException e) {
      return OptionalInt.empty(); // gone since it was listed
    }
    try {
      return netlink
          .ask(RtnetlinkSocket.RTM_GETNSID, RtnetlinkSocket.RTM_NEWNSID, request(fd))
          .map(answer -> new NetlinkAttributes(answer, RTGENMSG_BYTES).i32(NETNSA_NSID))
          .orElse(OptionalInt.empty());
    } finally {
      NetnsSyscalls.close(fd);
    }
  }

  private static byte[] request(int fd) {
    ByteBuffer payload = ByteBuffer.allocate(RTGENMSG_BYTES + 8).order(ByteOrder.nativeOrder());
    payload.position(RTGENMSG_BYTES);
    return payload.putShort((short) 8).putShort((short) NETNSA_FD).putInt(fd).array();
  }
}
