package io.vethtrace.daemon.kernel.link;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;

/**
 * The settings of a bridge port (IFLA_BRPORT_*, include/uapi/linux/if_link.h). A setting that an
 * older kernel does not report has the value that this kernel behaves by: flooding on, isolation
 * off.
 *
 * @param state BR_STATE_*, include/uapi/linux/if_bridge.h
 * @param isolated frames of isolated ports do not leave by another isolated one
 * @param unicastFlood whether unicast frames to unknown addresses leave by it
 * @param multicastFlood whether multicast frames leave by it
 * @param broadcastFlood whether broadcast frames leave by it
 */
public record BridgePort(
    int state,
    boolean isolated,
    boolean unicastFlood,
    boolean multicastFlood,
    boolean broadcastFlood) {
  /** The one state in which a port sends and receives (BR_STATE_FORWARDING). */
  public static final int FORWARDING = 3;

  private static final String[] STATES = {
    "disabled", "listening", "learning", "forwarding", "blocking"
  };

  private static final int IFLA_BRPORT_STATE = 1;
  private static final int IFLA_BRPORT_UNICAST_FLOOD = 9;
  private static final int IFLA_BRPORT_MCAST_FLOOD = 27;
  private static final int IFLA_BRPORT_BCAST_FLOOD = 30;
  private static final int IFLA_BRPORT_ISOLATED = 33;

  static BridgePort of(NetlinkAttributes port) {
    return new BridgePort(
        port.u8(IFLA_BRPORT_STATE).orElse(FORWARDING),
        port.u8(IFLA_BRPORT_ISOLATED).orElse(0) != 0,
        port.u8(IFLA_BRPORT_UNICAST_FLOOD).orElse(1) != 0,
        port.u8(IFLA_BRPORT_MCAST_FLOOD).orElse(1) != 0,
        port.u8(IFLA_BRPORT_BCAST_FLOOD).orElse(1) != 0);
  }

  public boolean forwards() {
    return state == FORWARDING;
  }

  /** The state as {@code bridge link} names it, or its number. */
  public String stateName() {
    return state >= 0 && state < STATES.length ? STATES[state] : Integer.toString(state);
  }
}
