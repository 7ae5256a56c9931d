package io.vethtrace.daemon.probe.ring;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct vt_event} of {@code bpf/wire.h}: the only place that knows its offsets. Integers
 * are in the machine's byte order, save {@code protocol_be}.
 *
 * <pre>
 *   0                8               16               24               31
 *   +----------------+----------------+----------------+----------------+
 *   |    ktime_ns    |      skb       |    skb_head    |    location    |    0
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
  public static final int IFNAME_BYTES = 16;

  /** {@code VT_PACKET_BYTES}. */
  static final int PACKET_BYTES = 112;

  /** {@code VT_FLAG_CLONED}: skb->cloned was set. */
  static final int FLAG_CLONED = 1;

  /** {@code VT_FLAG_SETTINGS}: {@code settings} is filled. */
  static final int FLAG_SETTINGS = 2;

  /**
   * {@code VT_FLAG_RESULT}: {@code result} is filled, as it always is at the hooks that have one.
   */
  static final int FLAG_RESULT = 4;

  /** {@code VT_FLAG_REASON}: {@code reason} is filled; this kernel has drop reasons. */
  static final int FLAG_REASON = 8;

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
          JAVA_LONG.withName("location"),
          JAVA_INT.withName("netns"),
          JAVA_INT.withName("ifindex"),
          JAVA_INT.withName("dev_flags"),
          JAVA_INT.withName("len_bytes"),
          JAVA_INT.withName("result"),
          JAVA_INT.withName("reason_or_mark"),
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
  static final int SIZE_BYTES = (int) EVENT.byteSize();

  private static final VarHandle U16 = view(short[].class, ByteOrder.nativeOrder());
  private static final VarHandle I32 = view(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle U64 = view(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle U16_BE = view(short[].class, ByteOrder.BIG_ENDIAN);

  private static final int KTIME_NS = offset("ktime_ns");
  private static final int SKB = offset("skb");
  private static final int SKB_HEAD = offset("skb_head");
  private static final int LOCATION = offset("location");
  private static final int NETNS = offset("netns");
  private static final int IFINDEX = offset("ifindex");
  private static final int DEV_FLAGS = offset("dev_flags");
  private static final int LEN_BYTES = offset("len_bytes");
  private static final int RESULT = offset("result");
  private static final int REASON = offset("reason_or_mark");
  private static final int CPU = offset("cpu");
  private static final int HOOK = offset("hook");
  private static final int PACKET_LENGTH = offset("packet_bytes");
  private static final int PROTOCOL_BE = offset("protocol_be");
  private static final int NETWORK_OFFSET = offset("network_offset");
  private static final int FLAGS = offset("flags");
  private static final int SETTINGS_AT = offset("settings");
  private static final int IFNAME = offset("ifname");
  private static final int PACKET = offset("packet");

  private EventLayout() {}

  /**
   * The event in {@code record}, whose bytes may be used again afterwards; null where no probe of
   * ours can have written it: a hook or a count of packet bytes that does not exist.
   *
   * @param record at least {@link #SIZE_BYTES} bytes
   */
  static @Nullable Event decode(byte[] record, InterfaceNames names) {
    Hook hook = Hook.ofWire(u8(record, HOOK));
    int packetBytes = u8(record, PACKET_LENGTH);
    if (hook == Hook.UNSPECIFIED || packetBytes > PACKET_BYTES) {
      return null;
    }
    Event.Common common =
        new Event.Common(
            u64(record, KTIME_NS),
            hook,
            u16(record, CPU),
            u64(record, SKB),
            u64(record, SKB_HEAD),
            hasFlag(record, FLAG_CLONED),
            i32(record, NETNS),
            i32(record, IFINDEX),
            names.name(u64(record, IFNAME), u64(record, IFNAME + Long.BYTES)),
            i32(record, DEV_FLAGS),
            i32(record, LEN_BYTES),
            frame(record, packetBytes));
    return switch (hook.kind()) {
      case NONE -> null;
      case DEVICE -> new Event.DeviceHop(common);
      case CONSUMPTION -> new Event.Consumption(common, u64(record, LOCATION));
      case DROP -> drop(record, common);
      case SOURCE_CHECK -> sourceCheck(record, common);
      case ROUTE_LOOKUP -> new Event.RouteLookup(common, i32(record, RESULT), i32(record, REASON));
    };
  }

  private static Event drop(byte[] record, Event.Common common) {
    return hasFlag(record, FLAG_REASON)
        ? Event.Drop.withReason(common, u64(record, LOCATION), i32(record, REASON))
        : Event.Drop.withoutReason(common, u64(record, LOCATION));
  }

  private static Event sourceCheck(byte[] record, Event.Common common) {
    return hasFlag(record, FLAG_SETTINGS)
        ? new Event.SourceCheck(common, i32(record, RESULT), settings(record))
        : new Event.SourceCheck(common, i32(record, RESULT));
  }

  private static boolean hasFlag(byte[] record, int flag) {
    return (u8(record, FLAGS) & flag) != 0;
  }

  private static SourceCheckSysctls settings(byte[] record) {
    return new SourceCheckSysctls(
        i32(record, SETTINGS_AT),
        i32(record, SETTINGS_AT + 4),
        i32(record, SETTINGS_AT + 8),
        i32(record, SETTINGS_AT + 12));
  }

  private static Frame frame(byte[] record, int packetBytes) {
    return new Frame(
        (short) U16_BE.get(record, PROTOCOL_BE) & 0xffff,
        u8(record, NETWORK_OFFSET),
        Arrays.copyOfRange(record, PACKET, PACKET + packetBytes));
  }

  private static int u8(byte[] record, int at) {
    return record[at] & 0xff;
  }

  private static int u16(byte[] record, int at) {
    return (short) U16.get(record, at) & 0xffff;
  }

  private static int i32(byte[] record, int at) {
    return (int) I32.get(record, at);
  }

  private static long u64(byte[] record, int at) {
    return (long) U64.get(record, at);
  }

  private static VarHandle view(Class<?> array, ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(array, order);
  }

  private static int offset(String field) {
    return (int) EVENT.byteOffset(PathElement.groupElement(field));
  }
}
