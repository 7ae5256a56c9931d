package io.vethtrace.daemon.kernel.filtering;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * A queueing discipline of a device.
 *
 * @param kind "tbf", "netem", "blackhole", "fq_codel", ...
 * @param handle its number, of which the upper half is printed: 0x80010000 is 8001:
 * @param parent the class it hangs below; {@link #ROOT} for the device's own
 * @param limit how much may wait, in packets, or bytes for tbf and bfifo; empty where this kind's
 *     is not read
 * @param lossPpm packets that netem loses of a million, at random
 * @param rateBytesPerS of tbf, else 0
 * @param burstBytes of tbf, else 0
 * @param drops the packets dropped since the qdisc was made, including those of qdiscs below it
 * @param qlen packets that wait
 * @param backlogBytes bytes that wait
 */
public record Qdisc(
    int ifindex,
    String kind,
    int handle,
    int parent,
    OptionalLong limit,
    int lossPpm,
    long rateBytesPerS,
    long burstBytes,
    long drops,
    long qlen,
    long backlogBytes) {
  /** TC_H_ROOT, linux/pkt_sched.h. */
  public static final int ROOT = 0xffffffff;

  private static final int TCMSG_BYTES = 20; // struct tcmsg, linux/rtnetlink.h
  private static final int TCA_KIND = 1;
  private static final int TCA_OPTIONS = 2;
  private static final int TCA_STATS2 = 7;
  private static final int TCA_STATS_QUEUE = 3; // linux/gen_stats.h

  public boolean isRoot() {
    return parent == ROOT;
  }

  /** Returns the words that name this qdisc in a tc command. */
  public String tcParent() {
    return isRoot() ? "root" : "parent %x:%x".formatted(parent >>> 16, parent & 0xffff);
  }

  /** Returns true if the limit counts bytes, false if it counts packets. */
  public boolean limitIsInBytes() {
    return kind.equals("tbf") || kind.equals("bfifo");
  }

  // tcmsg: family u8, pad 3, ifindex i32 at 4, handle u32 at 8, parent u32 at 12, info u32
  static Qdisc of(ByteBuffer message) {
    NetlinkAttributes attributes = new NetlinkAttributes(message, TCMSG_BYTES);
    String kind = attributes.string(TCA_KIND).orElse("");
    QdiscOptions options =
        attributes
            .bytes(TCA_OPTIONS)
            .map(bytes -> QdiscOptions.of(kind, bytes))
            .orElse(QdiscOptions.NONE);
    // gnet_stats_queue: qlen, backlog, drops, requeues, overlimits; u32 each
    int[] queue =
        attributes
            .nested(TCA_STATS2)
            .flatMap(stats -> stats.bytes(TCA_STATS_QUEUE))
            .map(QdiscOptions::words)
            .filter(words -> words.length >= 3)
            .orElse(new int[3]);
    return new Qdisc(
        message.getInt(4),
        kind,
        message.getInt(8),
        message.getInt(12),
        options.limit(),
        options.lossPpm(),
        options.rateBytesPerS(),
        options.burstBytes(),
        Integer.toUnsignedLong(queue[2]),
        Integer.toUnsignedLong(queue[0]),
        Integer.toUnsignedLong(queue[1]));
  }
}
