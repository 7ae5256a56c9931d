package io.vethtrace.daemon.kernel.link;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The attributes of a device in rtnetlink, besides its name, state and addresses (RTM_NEWLINK,
 * include/uapi/linux/if_link.h).
 *
 * @param mac hardware address as people write it; empty where the device has none
 * @param mtu bytes
 * @param kind "veth", "bridge", "vlan"; empty for lo and for hardware
 * @param carrier whether the device has a carrier; a veth has one while its peer is up
 * @param master index of the bridge or bond that the device is a port of
 * @param lower index of the device below it, or of a veth's peer; in the namespace {@code netnsid}
 * @param netnsid the namespace's id for the namespace of {@code lower}; empty where it is the same
 * @param qdisc kind of the root qdisc: "noqueue", "pfifo_fast", "noop" while the device is down
 * @param xdpProgram id of the XDP program; empty without one
 */
public record Link(
    String mac,
    int mtu,
    String kind,
    boolean carrier,
    OptionalInt master,
    OptionalInt lower,
    OptionalInt netnsid,
    String qdisc,
    OptionalInt xdpProgram) {

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_QDISC = 6;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_CARRIER = 33;
  private static final int IFLA_LINK_NETNSID = 37;
  private static final int IFLA_XDP = 43;
  private static final int IFLA_XDP_PROG_ID = 4;

  public static Link of(NetlinkAttributes link) {
    return new Link(
        link.bytes(IFLA_ADDRESS).map(HexFormat.ofDelimiter(":")::formatHex).orElse(""),
        link.i32(IFLA_MTU).orElse(0),
        link.nested(IFLA_LINKINFO).flatMap(info -> info.string(IFLA_INFO_KIND)).orElse(""),
        link.bytes(IFLA_CARRIER)
            .filter(carrier -> carrier.length > 0 && carrier[0] != 0)
            .isPresent(),
        link.i32(IFLA_MASTER),
        link.i32(IFLA_LINK),
        link.i32(IFLA_LINK_NETNSID),
        link.string(IFLA_QDISC).orElse(""),
        xdpProgram(link));
  }

  private static OptionalInt xdpProgram(NetlinkAttributes link) {
    Optional<NetlinkAttributes> xdp = link.nested(IFLA_XDP);
    return xdp.isPresent() ? xdp.get().i32(IFLA_XDP_PROG_ID) : OptionalInt.empty();
  }
}
