package io.vethtrace.daemon.kernel.route;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * An entry of a routing table.
 *
 * <pre>
 * struct rtmsg   include/uapi/linux/rtnetlink.h (6.18)
 *   0 family   1 dst_len   2 src_len   3 tos   4 table   5 protocol   6 scope   7 type   8 flags (u32)
 * </pre>
 *
 * @param table 254 is main, 255 local, 253 default
 * @param metric IPv6's preference among equal prefixes, which ip-route(8) needs to find the entry
 */
public record Route(int table, IpPrefix destination, RouteType type, OptionalInt metric) {
  static final int RTMSG_BYTES = 12;
  static final int RTA_DST = 1;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_TABLE = 15;
  private static final int AF_INET6 = 10;
  private static final int MAIN = 254;

  static Route of(ByteBuffer message) throws UnknownHostException {
    NetlinkAttributes attributes = new NetlinkAttributes(message, RTMSG_BYTES);
    byte[] any = new byte[message.get(0) == AF_INET6 ? 16 : 4];
    InetAddress address = InetAddress.getByAddress(attributes.bytes(RTA_DST).orElse(any));
    return new Route(
        attributes.i32(RTA_TABLE).orElse(message.get(4) & 0xff),
        new IpPrefix(address, message.get(1) & 0xff),
        RouteType.of(message.get(7)),
        attributes.i32(RTA_PRIORITY));
  }

  /** Returns the route in the words of ip-route(8): "blackhole 10.0.2.0/24 table 100". */
  public String ipRouteWords() {
    String where = table == MAIN ? "" : " table " + Integer.toUnsignedString(table);
    String which = metric.isPresent() ? " metric " + metric.getAsInt() : "";
    return type.word() + " " + destination + where + which;
  }
}
