package io.vethtrace.daemon.kernel.route;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A rule of policy routing: which table is asked for which packets, or that they are refused.
 *
 * <pre>
 * struct fib_rule_hdr   include/uapi/linux/fib_rules.h (6.18)
 *   0 family   1 dst_len   2 src_len   3 tos   4 table   7 action   8 flags (u32)
 * </pre>
 *
 * @param v6 true for IPv6
 * @param from source addresses that it is for; empty for all
 * @param to destination addresses likewise
 * @param iif name of the device that packets came in by; empty for any
 * @param oif name of the device that sockets are bound to; empty for any
 * @param mark the value that a packet's mark must have under {@code mask}
 * @param others true if the rule has selectors that this record lacks, so that it may not match
 */
public record IpRule(
    boolean v6,
    int priority,
    Action action,
    int table,
    Optional<IpPrefix> from,
    Optional<IpPrefix> to,
    String iif,
    String oif,
    int mark,
    int mask,
    boolean others) {
  static final int HEADER_BYTES = 12;
  private static final int AF_INET6 = 10;
  private static final int FIB_RULE_INVERT = 2;
  private static final int FRA_DST = 1;
  private static final int FRA_SRC = 2;
  private static final int FRA_IIFNAME = 3;
  private static final int FRA_PRIORITY = 6;
  private static final int FRA_FWMARK = 10;
  private static final int FRA_TABLE = 15;
  private static final int FRA_FWMASK = 16;
  private static final int FRA_OIFNAME = 17;
  private static final int FRA_UID_RANGE = 20;
  private static final int FRA_IP_PROTO = 22;
  private static final int FRA_FLOWLABEL_MASK = 27;

  /** The action of the rule on a packet that matches. */
  public enum Action {
    LOOK_UP,
    BLACKHOLE,
    UNREACHABLE,
    PROHIBIT,
    /** Go to another rule, or do nothing. */
    OTHER;

    // FR_ACT_TO_TBL 1, FR_ACT_BLACKHOLE 6 and the next two (include/uapi/linux/fib_rules.h)
    static Action of(int number) {
      return switch (number) {
        case 1 -> LOOK_UP;
        case 6 -> BLACKHOLE;
        case 7 -> UNREACHABLE;
        case 8 -> PROHIBIT;
        default -> OTHER;
      };
    }

    /** The type of route that refuses in the same way. */
    Optional<RouteType> refusal() {
      return switch (this) {
        case BLACKHOLE -> Optional.of(RouteType.BLACKHOLE);
        case UNREACHABLE -> Optional.of(RouteType.UNREACHABLE);
        case PROHIBIT -> Optional.of(RouteType.PROHIBIT);
        case LOOK_UP, OTHER -> Optional.empty();
      };
    }
  }

  static IpRule of(ByteBuffer message) throws UnknownHostException {
    NetlinkAttributes attributes = new NetlinkAttributes(message, HEADER_BYTES);
    int mark = attributes.i32(FRA_FWMARK).orElse(0);
    return new IpRule(
        message.get(0) == AF_INET6,
        attributes.i32(FRA_PRIORITY).orElse(0),
        Action.of(message.get(7)),
        attributes.i32(FRA_TABLE).orElse(message.get(4) & 0xff),
        prefix(message, attributes, FRA_SRC, message.get(2)),
        prefix(message, attributes, FRA_DST, message.get(1)),
        attributes.string(FRA_IIFNAME).orElse(""),
        attributes.string(FRA_OIFNAME).orElse(""),
        mark,
        attributes.i32(FRA_FWMASK).orElse(mark == 0 ? 0 : -1),
        asksForMore(message, attributes));
  }

  private static Optional<IpPrefix> prefix(
      ByteBuffer message, NetlinkAttributes attributes, int attribute, int bits)
      throws UnknownHostException {
    byte[] any = new byte[message.get(0) == AF_INET6 ? 16 : 4];
    InetAddress address = InetAddress.getByAddress(attributes.bytes(attribute).orElse(any));
    return bits == 0 ? Optional.empty() : Optional.of(new IpPrefix(address, bits & 0xff));
  }

  /** A type of service, protocol, ports, a user, or that it is for all others (not). */
  private static boolean asksForMore(ByteBuffer message, NetlinkAttributes attributes) {
    boolean more = message.get(3) != 0 || (message.getInt(8) & FIB_RULE_INVERT) != 0;
    for (int attribute = FRA_IP_PROTO; attribute <= FRA_FLOWLABEL_MASK; attribute++) {
      more |= attributes.bytes(attribute).isPresent();
    }
    return more || attributes.bytes(FRA_UID_RANGE).isPresent();
  }

  /** Returns true if the rule matches the packet, as far as this record shows. */
  boolean matches(RouteQuery query, String iifName, String oifName) {
    return !others
        && v6 == (query.destination().getAddress().length == 16)
        && to.map(prefix -> prefix.contains(query.destination())).orElse(true)
        && from.map(prefix -> query.source().filter(prefix::contains).isPresent()).orElse(true)
        && (iif.isEmpty() || iif.equals(iifName))
        && (oif.isEmpty() || oif.equals(oifName))
        && (query.mark() & mask) == mark;
  }
}
