package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One sight of one skb at one probe point: {@code struct vt_event} of {@code bpf/wire.h}, decoded.
 * The look-up of a route has no skb: its {@code skb} is 0, and its frame is a header made of the
 * flow.
 *
 * @param ktimeNs CLOCK_MONOTONIC in nanoseconds, from bpf_ktime_get_ns
 * @param hook the probe point
 * @param cpu the CPU on which the hook ran
 * @param skb address of the sk_buff
 * @param skbHead sk_buff.head, which clones share
 * @param location kfree_skb and consume_skb: the caller's address; else 0
 * @param netns inode of the device's namespace, 0 where the skb had no device
 * @param ifindex index of the device in that namespace, 0 where the skb had no device
 * @param ifname the device's name at that moment; empty where the skb had no device
 * @param devFlags net_device.flags (include/uapi/linux/if.h)
 * @param lenBytes sk_buff.len at this hook
 * @param flags {@code enum vt_flag}: which of the following are filled
 * @param result fib_validate_source: its return value; look-ups: 0 or −errno
 * @param reason kfree_skb: the number of enum skb_drop_reason; look-ups: the flow's mark
 * @param settings fib_validate_source: what it read, as the kernel had it; else null
 * @param frame the first bytes of the packet, as on the wire
 */
public record Event(
    long ktimeNs,
    Hook hook,
    int cpu,
    long skb,
    long skbHead,
    long location,
    int netns,
    int ifindex,
    String ifname,
    int devFlags,
    int lenBytes,
    int flags,
    int result,
    int reason,
    @Nullable SourceSettings settings,
    Frame frame) {

  /** skb->cloned was set: others share its data. */
  public static final int FLAG_CLONED = 1;

  /** {@link #settings} is filled. */
  public static final int FLAG_SETTINGS = 2;

  /** {@link #result} is filled. */
  public static final int FLAG_RESULT = 4;

  /** {@link #reason} is filled: this kernel has drop reasons. */
  public static final int FLAG_REASON = 8;

  /** IFF_UP, include/uapi/linux/if.h. */
  public static final int IFF_UP = 1;

  /** IFF_LOOPBACK, include/uapi/linux/if.h. */
  public static final int IFF_LOOPBACK = 8;

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  public boolean deviceIsUp() {
    return (devFlags & IFF_UP) != 0;
  }

  public boolean deviceIsLoopback() {
    return (devFlags & IFF_LOOPBACK) != 0;
  }
}
