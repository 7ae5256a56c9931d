package io.vethtrace.daemon.kernel.filtering;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A filter of traffic control at a device's ingress or egress.
 *
 * @param ingress true if it sees the packets that the device receives
 * @param kind "u32", "matchall", "flower", "bpf", ...
 * @param pref its priority, by which filters are tried in rising order
 * @param protocol EtherType, host byte order; {@link #ETH_P_ALL} for all
 * @param chain number of its chain
 * @param name of its BPF program; else empty
 * @param mayDrop true if it has the action drop or a BPF program that decides
 * @param drops packets that its actions dropped; a BPF program's are not counted
 */
public record TcFilter(
    int ifindex,
    boolean ingress,
    String kind,
    int pref,
    int protocol,
    int handle,
    int chain,
    String name,
    boolean mayDrop,
    long drops) {
  /** ETH_P_ALL, linux/if_ether.h. */
  public static final int ETH_P_ALL = 3;

  // TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS and TC_H_MIN_EGRESS), linux/pkt_sched.h
  static final int PARENT_INGRESS = 0xfffffff2;
  static final int PARENT_EGRESS = 0xfffffff3;

  private static final int TCMSG_BYTES = 20; // struct tcmsg, linux/rtnetlink.h
  private static final int TCA_KIND = 1;
  private static final int TCA_OPTIONS = 2;
  private static final int TCA_CHAIN = 11;
  private static final int TCA_BPF_NAME = 7; // linux/pkt_cls.h
  private static final int TCA_BPF_FLAGS = 8;
  private static final int TCA_BPF_FLAG_ACT_DIRECT = 1;

  /** The attribute of each kind that contains its actions (TCA_..._ACT, linux/pkt_cls.h). */
  private static final Map<String, Integer> ACTIONS =
      Map.of("u32", 7, "matchall", 2, "flower", 3, "bpf", 1, "basic", 3, "fw", 4);

  /** Returns true if the filter looks at packets with this EtherType. */
  public boolean matchesEtherType(int etherType) {
    return protocol == ETH_P_ALL || protocol == etherType;
  }

  /** "protocol ip pref 1 handle 800::800 u32", which names it in a command of tc. */
  public String selector() {
    return "%sprotocol %s pref %d handle %s %s"
        .formatted(
            chain == 0 ? "" : "chain %d ".formatted(chain),
            protocolName(),
            pref,
            handleName(),
            kind);
  }

  private String protocolName() {
    return switch (protocol) {
      case ETH_P_ALL -> "all";
      case 0x0800 -> "ip";
      case 0x0806 -> "arp";
      case 0x86dd -> "ipv6";
      default -> "0x%04x".formatted(protocol);
    };
  }

  /** A u32's is table, bucket and node (TC_U32_HTID and others, linux/pkt_cls.h). */
  private String handleName() {
    if (!kind.equals("u32")) {
      return "0x%x".formatted(handle);
    }
    int bucket = handle >>> 12 & 0xff;
    return "%x:%s:%x"
        .formatted(handle >>> 20, bucket == 0 ? "" : "%x".formatted(bucket), handle & 0xfff);
  }

  // tcmsg: family u8, pad 3, ifindex i32 at 4, handle u32 at 8, parent u32 at 12, info u32 at 16:
  // priority in the upper half, big-endian protocol in the lower
  static TcFilter of(ByteBuffer message, boolean ingress) {
    NetlinkAttributes attributes = new NetlinkAttributes(message, TCMSG_BYTES);
    int info = message.getInt(16);
    String kind = attributes.string(TCA_KIND).orElse("");
    Optional<NetlinkAttributes> options = attributes.nested(TCA_OPTIONS);
    TcActions actions =
        options
            .flatMap(o -> o.nested(ACTIONS.getOrDefault(kind, 0)))
            .map(TcActions::of)
            .orElse(TcActions.NONE);
    boolean direct =
        kind.equals("bpf")
            && (options.map(o -> o.i32(TCA_BPF_FLAGS).orElse(0)).orElse(0)
                    & TCA_BPF_FLAG_ACT_DIRECT)
                != 0;
    return new TcFilter(
        message.getInt(4),
        ingress,
        kind,
        info >>> 16,
        Short.toUnsignedInt(Short.reverseBytes((short) info)),
        message.getInt(8),
        attributes.i32(TCA_CHAIN).orElse(0),
        kind.equals("bpf") ? options.flatMap(o -> o.string(TCA_BPF_NAME)).orElse("") : "",
        direct || actions.drop(),
        actions.drops());
  }
}
