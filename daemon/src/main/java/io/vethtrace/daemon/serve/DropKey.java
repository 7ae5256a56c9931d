package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.probe.Tally;

/**
 * What the kernel counts a drop by.
 *
 * @param place address at which the skb was freed
 * @param reason number of the drop reason, 0 before 5.17; {@link Tally#ANY_CODE}
 * @param netns inode; 0 where there is none
 * @param folded whether its interface, and with it its namespace, is not known any more
 */
record DropKey(long place, int reason, int ifindex, int netns, String ifname, boolean folded) {
  static DropKey of(Tally tally) {
    return new DropKey(
        tally.place(),
        tally.code(),
        tally.ifindex(),
        tally.netns(),
        tally.ifname(),
        tally.folded());
  }

  /** Under which the kernel's counts go on once the interface is gone. */
  DropKey withoutInterface() {
    return new DropKey(place, reason, 0, 0, "", true);
  }
}
