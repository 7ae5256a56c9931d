package io.vethtrace.daemon.kernel.link;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;

/**
 * A bridge's own settings (IFLA_BR_*, include/uapi/linux/if_link.h).
 *
 * @param stp whether the spanning tree protocol decides the states of its ports
 * @param vlanFiltering whether the VLANs of its ports decide where a frame may go
 */
public record Bridge(boolean stp, boolean vlanFiltering) {
  private static final int IFLA_BR_STP_STATE = 5;
  private static final int IFLA_BR_VLAN_FILTERING = 7;

  static Bridge of(NetlinkAttributes bridge) {
    return new Bridge(
        bridge.i32(IFLA_BR_STP_STATE).orElse(0) != 0,
        bridge.u8(IFLA_BR_VLAN_FILTERING).orElse(0) != 0);
  }
}
