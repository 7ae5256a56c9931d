package io.vethtrace.daemon.kernel.filtering;

import io.vethtrace.daemon.kernel.netlink.RtnetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads filters and queues of the calling thread's namespace. */
public final class FiltersAndQueuesReader {
  private static final int TCMSG_BYTES = 20; // struct tcmsg, linux/rtnetlink.h

  private FiltersAndQueuesReader() {}

  public static FiltersAndQueues read(RtnetlinkSocket netlink, FiltersAndQueues.Part wanted)
      throws IOException {
    if (wanted == FiltersAndQueues.Part.NOTHING) {
      return FiltersAndQueues.NONE;
    }
    List<Qdisc> qdiscs =
        netlink
            .dump(RtnetlinkSocket.RTM_GETQDISC, RtnetlinkSocket.RTM_NEWQDISC, TCMSG_BYTES)
            .stream()
            .map(Qdisc::of)
            .toList();
    return new FiltersAndQueues(
        wanted == FiltersAndQueues.Part.RULESET ? NftReader.read() : NftRuleset.NONE,
        tcFilters(netlink, qdiscs),
        qdiscs);
  }

  private static List<TcFilter> tcFilters(RtnetlinkSocket netlink, List<Qdisc> qdiscs)
      throws IOException {
    List<TcFilter> filters = new ArrayList<>();
    for (Qdisc qdisc : qdiscs) {
      boolean clsact = qdisc.kind().equals("clsact");
      if (clsact || qdisc.kind().equals("ingress")) {
        filters.addAll(tcFilters(netlink, qdisc.ifindex(), true));
      }
      if (clsact) {
        filters.addAll(tcFilters(netlink, qdisc.ifindex(), false));
      }
    }
    return filters;
  }

  private static List<TcFilter> tcFilters(RtnetlinkSocket netlink, int ifindex, boolean ingress)
      throws IOException {
    byte[] request = new byte[TCMSG_BYTES];
    ByteBuffer.wrap(request)
        .order(ByteOrder.nativeOrder())
        .putInt(4, ifindex)
        .putInt(12, ingress ? TcFilter.PARENT_INGRESS : TcFilter.PARENT_EGRESS);
    return netlink
        .dump(RtnetlinkSocket.RTM_GETTFILTER, RtnetlinkSocket.RTM_NEWTFILTER, request)
        .stream()
        .map(message -> TcFilter.of(message, ingress))
        .toList();
  }
}
