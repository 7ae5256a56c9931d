package io.vethtrace.daemon.probe.counter;

import io.vethtrace.daemon.probe.object.TraceFilter;

/**
 * An exact count of the kernel's own, summed over CPUs; it does not depend on the ring. What the
 * daemon's {@link TraceFilter} leaves out is not counted.
 *
 * <p>A count is folded, and then has neither interface nor namespace, once its interface is gone.
 * Where the kernel's map was full it has no code and no place either.
 *
 * @param location drops: address in the kernel at which the skb was freed; else 0
 * @param code drops: number of the drop reason, 0 before 5.17; refusals: the negative result of
 *     fib_validate_source; traffic: number of {@link TrafficKind}; {@link #ANY_CODE}
 * @param ifindex 0 for an skb without a device
 * @param netns inode of the device's namespace, else of the socket's; 0 where there is none
 * @param cookie of that namespace, its low half: the next one may get the inode, but not this; 0
 *     before 5.12
 * @param ifname the device's name when it was counted first; empty without a device
 * @param packets skbs: a GSO packet is one
 * @param bytes drops and refusals: sk_buff.len; traffic: the frame from its MAC header
 * @param folded whether it is what several interfaces, gone by now, had together
 */
public record PacketCounter(
    long location,
    int code,
    int ifindex,
    int netns,
    int cookie,
    String ifname,
    long packets,
    long bytes,
    boolean folded) {
  /** A code that no kernel uses as a reason or a result. */
  public static final int ANY_CODE = Integer.MIN_VALUE;

  static PacketCounter folded(long place, int code, long packets, long bytes) {
    return new PacketCounter(place, code, 0, 0, 0, "", packets, bytes, true);
  }

  PacketCounter withoutInterface() {
    return folded(location, code, packets, bytes);
  }

  PacketCounter plus(PacketCounter other) {
    return new PacketCounter(
        location,
        code,
        ifindex,
        netns,
        cookie,
        ifname,
        packets + other.packets,
        bytes + other.bytes,
        folded);
  }
}
