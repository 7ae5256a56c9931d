package io.vethtrace.daemon.probe;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceSettings;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct vt_event} of {@code bpf/wire.h}: the only place that knows its offsets. Integers
 * are in the machine's byte order, save {@code protocol_be}.
 *
 * <pre>
 *   0                8               16               24               31
 *   +----------------+----------------+----------------+----------------+
 *   |    ktime_ns    |      skb       |    skb_head    |     place      |    0
 *   +-------+--------+-------+--------+-------+--------+--+-+-+---+-+---+
 *   | netns | ifindex| flags | length | result| reason |c |h|p|pr |n| f |   32
 *   +-------+--------+-------+--------+-------+--------+--+-+-+---+-+---+
 *   |            settings             |             ifname              |   64
 *   +---------------------------------+---------------------------------+
 *   |                          packet, 112 bytes                        |   96
 *   +-------------------------------------------------------------------+  208
 * </pre>
 *
 * c: cpu, h: hook, p: packet_bytes, pr: protocol_be, n: network_offset, f: flags.
 */
public final class EventLayout {
  /** {@code VT_IFNAME_BYTES}. */
  static final int IFNAME_BYTES = 16;

  /** {@code VT_PACKET_BYTES}. */
  static final int PACKET_BYTES = 112;

  static final StructLayout SETTINGS =
      structLayout(
          JAVA_INT.withName("rp_filter_all"),
          JAVA_INT.withName("rp_filter_dev"),
          JAVA_INT.withName("accept_local_all"),
          JAVA_INT.withName("accept_local_dev"));

  static final StructLayout EVENT =
      structLayout(
          JAVA_LONG.withName("ktime_ns"),
          JAVA_LONG.withName("skb"),
          JAVA_LONG.withName("skb_head"),
          JAVA_LONG.withName("place"),
          JAVA_INT.withName("netns"),
          JAVA_INT.withName("ifindex"),
          JAVA_INT.withName("dev_flags"),
          JAVA_INT.withName("len_bytes"),
          JAVA_INT.withName("result"),
          JAVA_INT.withName("reason"),
          JAVA_SHORT.withName("cpu"),
          JAVA_BYTE.withName("hook"),
          JAVA_BYTE.withName("packet_bytes"),
          JAVA_SHORT.withName("protocol_be"),
          JAVA_BYTE.withName("network_offset"),
          JAVA_BYTE.withName("flags"),
          SETTINGS.withName("settings"),
          sequenceLayout(IFNAME_BYTES, JAVA_BYTE).withName("ifname"),
          sequenceLayout(PACKET_BYTES, JAVA_BYTE).withName("packet"));

  /** {@code sizeof(struct vt_event)}. */
  public static final int SIZE_BYTES = (int) EVENT.byteSize();

  private static final ValueLayout.OfShort BE16 = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final long KTIME_NS = offset("ktime_ns");
  private static final long SKB = offset("skb");
  private static final long SKB_HEAD = offset("skb_head");
  private static final long PLACE = offset("place");
  private static final long NETNS = offset("netns");
  private static final long IFINDEX = offset("ifindex");
  private static final long DEV_FLAGS = offset("dev_flags");
  private static final long LEN_BYTES = offset("len_bytes");
  private static final long RESULT = offset("result");
  private static final long REASON = offset("reason");
  private static final long CPU = offset("cpu");
  private static final long HOOK = offset("hook");
  private static final long PACKET_LENGTH = offset("packet_bytes");
  private static final long PROTOCOL_BE = offset("protocol_be");
  private static final long NETWORK_OFFSET = offset("network_offset");
  private static final long FLAGS = offset("flags");
  private static final long SETTINGS_AT = offset("settings");
  private static final long IFNAME = offset("ifname");
  private static final long PACKET = offset("packet");

  private EventLayout() {}

  /**
   * The record of {@code lengthBytes} at {@code at}, copied out of the ring; null where no probe of
   * ours can have written it: a length, a hook or a count of packet bytes that does not exist.
   */
  public static @Nullable Event decode(
      MemorySegment ring, long at, int lengthBytes, InterfaceNames names) {
    if (lengthBytes != SIZE_BYTES) {
      return null;
    }
    MemorySegment record = ring.asSlice(at, SIZE_BYTES);
    Hook hook = Hook.ofWire(record.get(JAVA_BYTE, HOOK) & 0xff);
    int packetBytes = record.get(JAVA_BYTE, PACKET_LENGTH) & 0xff;
    if (hook == Hook.UNSPECIFIED || packetBytes > PACKET_BYTES) {
      return null;
    }
    return event(record, hook, packetBytes, names);
  }

  private static Event event(
      MemorySegment record, Hook hook, int packetBytes, InterfaceNames names) {
    int flags = record.get(JAVA_BYTE, FLAGS) & 0xff;
    return new Event(
        record.get(JAVA_LONG, KTIME_NS),
        hook,
        record.get(JAVA_SHORT, CPU) & 0xffff,
        record.get(JAVA_LONG, SKB),
        record.get(JAVA_LONG, SKB_HEAD),
        record.get(JAVA_LONG, PLACE),
        record.get(JAVA_INT, NETNS),
        record.get(JAVA_INT, IFINDEX),
        names.name(record.get(JAVA_LONG, IFNAME), record.get(JAVA_LONG, IFNAME + Long.BYTES)),
        record.get(JAVA_INT, DEV_FLAGS),
        record.get(JAVA_INT, LEN_BYTES),
        flags,
        record.get(JAVA_INT, RESULT),
        record.get(JAVA_INT, REASON),
        (flags & Event.FLAG_SETTINGS) == 0 ? null : settings(record),
        frame(record, packetBytes));
  }

  private static SourceSettings settings(MemorySegment record) {
    return new SourceSettings(
        record.get(JAVA_INT, SETTINGS_AT),
        record.get(JAVA_INT, SETTINGS_AT + 4),
        record.get(JAVA_INT, SETTINGS_AT + 8),
        record.get(JAVA_INT, SETTINGS_AT + 12));
  }

  private static Frame frame(MemorySegment record, int packetBytes) {
    byte[] packet = new byte[packetBytes];
    MemorySegment.copy(record, JAVA_BYTE, PACKET, packet, 0, packetBytes);
    return new Frame(
        record.get(BE16, PROTOCOL_BE) & 0xffff,
        record.get(JAVA_BYTE, NETWORK_OFFSET) & 0xff,
        packet);
  }

  private static long offset(String field) {
    return EVENT.byteOffset(PathElement.groupElement(field));
  }
}
