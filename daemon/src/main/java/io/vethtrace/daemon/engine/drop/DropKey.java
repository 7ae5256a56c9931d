package io.vethtrace.daemon.engine.drop;

import io.vethtrace.daemon.probe.counter.PacketCounter;

/**
 * The key under which the kernel counts a drop.
 *
 * @param location the address at which the skb was freed
 * @param reason the number of the drop reason, 0 before 5.17; {@link PacketCounter#ANY_CODE}
 * @param netns the inode of the namespace; 0 where there is none
 * @param folded true if the interface, and with it its namespace, is gone
 */
public record DropKey(
    long location, int reason, int ifindex, int netns, String ifname, boolean folded) {
  static DropKey of(PacketCounter counter) {
    return new DropKey(
        counter.location(),
        counter.code(),
        counter.ifindex(),
        counter.netns(),
        counter.ifname(),
        counter.folded());
  }

  /** Returns the key under which the counts go on once the interface is gone. */
  DropKey withoutInterface() {
    return new DropKey(location, reason, 0, 0, "", true);
  }
}
