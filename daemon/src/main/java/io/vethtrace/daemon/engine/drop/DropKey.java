package io.vethtrace.daemon.engine.drop;

import io.vethtrace.daemon.probe.counter.PacketCounter;

/**
 * What the kernel counts a drop by.
 *
 * @param location address at which the skb was freed
 * @param reason number of the drop reason, 0 before 5.17; {@link PacketCounter#ANY_CODE}
 * @param netns inode; 0 where there is none
 * @param folded whether its interface, and with it its namespace, is not known any more
 */
public record DropKey(
    long location, int reason, int ifindex, int netns, String ifname, boolean folded) {
  static DropKey of(PacketCounter tally) {
    return new DropKey(
        tally.location(),
        tally.code(),
        tally.ifindex(),
        tally.netns(),
        tally.ifname(),
        tally.folded());
  }

  /** Under which the kernel's counts go on once the interface is gone. */
  DropKey withoutInterface() {
    return new DropKey(location, reason, 0, 0, "", true);
  }
}
