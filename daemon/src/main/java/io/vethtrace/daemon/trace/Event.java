package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Frame;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One skb at one hook: {@code struct vt_event} of {@code bpf/wire.h}, decoded. The subclass says
 * what the hook does with the packet and has what only that kind of hook knows.
 *
 * <p>Many events are made a second, so an event is one object: it copies the fields of {@link
 * Common}, which the compiler then does not allocate. Two events are equal only if they are the
 * same object.
 */
public abstract sealed class Event {
  /** IFF_UP, include/uapi/linux/if.h. */
  public static final int IFF_UP = 1;

  /** IFF_LOOPBACK, include/uapi/linux/if.h. */
  public static final int IFF_LOOPBACK = 8;

  /**
   * The part that all kinds of events have.
   *
   * @param ktimeNs CLOCK_MONOTONIC in nanoseconds, from bpf_ktime_get_ns
   * @param hook the probe point
   * @param cpu the CPU on which the hook ran
   * @param skb address of the sk_buff; 0 for a {@link RouteLookup}
   * @param skbHead sk_buff.head, which clones share
   * @param isCloned true if skb->cloned was set: others share its data
   * @param netns inode of the device's namespace, 0 if the skb had no device
   * @param ifindex index of the device in that namespace, 0 if the skb had no device
   * @param ifname the device's name at that moment; empty if the skb had no device
   * @param devFlags net_device.flags (include/uapi/linux/if.h)
   * @param lenBytes sk_buff.len at this hook
   * @param frame the first bytes of the packet, as on the wire
   */
  public record Common(
      long ktimeNs,
      Hook hook,
      int cpu,
      long skb,
      long skbHead,
      boolean isCloned,
      int netns,
      int ifindex,
      String ifname,
      int devFlags,
      int lenBytes,
      Frame frame) {}

  private final long ktimeNs;
  private final Hook hook;
  private final int cpu;
  private final long skb;
  private final long skbHead;
  private final boolean isCloned;
  private final int netns;
  private final int ifindex;
  private final String ifname;
  private final int devFlags;
  private final int lenBytes;
  private final Frame frame;

  private Event(Common common) {
    ktimeNs = common.ktimeNs;
    hook = common.hook;
    cpu = common.cpu;
    skb = common.skb;
    skbHead = common.skbHead;
    isCloned = common.isCloned;
    netns = common.netns;
    ifindex = common.ifindex;
    ifname = common.ifname;
    devFlags = common.devFlags;
    lenBytes = common.lenBytes;
    frame = common.frame;
  }

  /** A device takes the packet from the stack or hands it to the stack. */
  public static final class DeviceHop extends Event {
    public DeviceHop(Common common) {
      super(common);
    }
  }

  /** The kernel frees the skb: the packet's way ends. */
  public abstract static sealed class SkbFree extends Event {
    private final long location;

    private SkbFree(Common common, long location) {
      super(common);
      this.location = location;
    }

    /** The address in the kernel function that freed the skb; 0 if the kernel does not tell. */
    public long location() {
      return location;
    }
  }

  /** consume_skb: the kernel frees the skb after use. */
  public static final class Consumption extends SkbFree {
    public Consumption(Common common, long location) {
      super(common, location);
    }
  }

  /** kfree_skb: the kernel drops the packet. */
  public static final class Drop extends SkbFree {
    private final boolean hasReason;
    private final int reason;

    private Drop(Common common, long location, boolean hasReason, int reason) {
      super(common, location);
      this.hasReason = hasReason;
      this.reason = reason;
    }

    /** A drop for {@code reason}, a number of enum skb_drop_reason. */
    public static Drop withReason(Common common, long location, int reason) {
      return new Drop(common, location, true, reason);
    }

    /** A drop on a kernel that has no drop reasons (before 5.17). */
    public static Drop withoutReason(Common common, long location) {
      return new Drop(common, location, false, 0);
    }

    /** The number of enum skb_drop_reason; empty if this kernel has no drop reasons. */
    public OptionalInt reason() {
      return hasReason ? OptionalInt.of(reason) : OptionalInt.empty();
    }
  }

  /** fib_validate_source: the kernel checks the source address of a packet that it received. */
  public static final class SourceCheck extends Event {
    private final int result;
    private final @Nullable SourceCheckSysctls settings;

    /** A check of a packet whose device has no settings for IPv4. */
    public SourceCheck(Common common, int result) {
      super(common);
      this.result = result;
      settings = null;
    }

    public SourceCheck(Common common, int result, SourceCheckSysctls settings) {
      super(common);
      this.result = result;
      this.settings = settings;
    }

    /** The function's return value; negative if the kernel refused the packet. */
    public int result() {
      return result;
    }

    public boolean isRefused() {
      return result < 0;
    }

    /** The settings that the function read; empty if the device has none for IPv4. */
    public Optional<SourceCheckSysctls> settings() {
      return Optional.ofNullable(settings);
    }
  }

  /**
   * fib_table_lookup and fib6_table_lookup: a program sends, and the kernel looks up the route. No
   * skb exists yet. The frame is an IP header made of the flow that was looked up.
   */
  public static final class RouteLookup extends Event {
    private final int result;
    private final int fwmark;

    public RouteLookup(Common common, int result, int fwmark) {
      super(common);
      this.result = result;
      this.fwmark = fwmark;
    }

    /** Returns 0 or −errno. */
    public int result() {
      return result;
    }

    /** The flow's mark (flowi_mark), by which policy routing may choose the table. */
    public int fwmark() {
      return fwmark;
    }
  }

  public final long ktimeNs() {
    return ktimeNs;
  }

  public final Hook hook() {
    return hook;
  }

  public final int cpu() {
    return cpu;
  }

  public final long skb() {
    return skb;
  }

  public final long skbHead() {
    return skbHead;
  }

  public final boolean isCloned() {
    return isCloned;
  }

  public final int netns() {
    return netns;
  }

  public final int ifindex() {
    return ifindex;
  }

  public final String ifname() {
    return ifname;
  }

  public final int devFlags() {
    return devFlags;
  }

  public final int lenBytes() {
    return lenBytes;
  }

  public final Frame frame() {
    return frame;
  }

  public final boolean deviceIsUp() {
    return (devFlags & IFF_UP) != 0;
  }

  public final boolean deviceIsLoopback() {
    return (devFlags & IFF_LOOPBACK) != 0;
  }

  @Override
  public final String toString() {
    return "%s skb=%x head=%x netns=%d ifindex=%d ifname=%s lenBytes=%d ktimeNs=%d"
        .formatted(hook.kernelName(), skb, skbHead, netns, ifindex, ifname, lenBytes, ktimeNs);
  }
}
