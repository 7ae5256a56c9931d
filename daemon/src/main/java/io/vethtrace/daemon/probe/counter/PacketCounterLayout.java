package io.vethtrace.daemon.probe.counter;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vethtrace.daemon.probe.ring.EventLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct vt_packet_counter_key} and {@code struct vt_packet_counter} of {@code bpf/wire.h}:
 * the only place that knows their offsets. All is in the machine's byte order.
 *
 * <pre>
 *   0                8       12       16       20       24
 *   +----------------+-------+--------+--------+--------+
 *   |    location    | code  | ifindex| netns  | cookie |  key
 *   +----------------+-------+--------+--------+--------+--------+
 *   |    packets     |     bytes      |         ifname           |  value of a CPU
 *   +----------------+----------------+--------------------------+  32
 * </pre>
 */
public final class PacketCounterLayout {
  public static final StructLayout KEY =
      structLayout(
          JAVA_LONG.withName("location"),
          JAVA_INT.withName("code"),
          JAVA_INT.withName("ifindex"),
          JAVA_INT.withName("netns"),
          JAVA_INT.withName("net_cookie_low"));

  public static final StructLayout COUNTER =
      structLayout(
          JAVA_LONG.withName("packets"),
          JAVA_LONG.withName("bytes"),
          sequenceLayout(EventLayout.IFNAME_BYTES, JAVA_BYTE).withName("ifname"));

  static final int KEY_BYTES = (int) KEY.byteSize();
  static final int COUNTER_BYTES = (int) COUNTER.byteSize();

  private static final int LOCATION = offset(KEY, "location");
  private static final int CODE = offset(KEY, "code");
  private static final int IFINDEX = offset(KEY, "ifindex");
  private static final int NETNS = offset(KEY, "netns");
  private static final int COOKIE = offset(KEY, "net_cookie_low");
  private static final int PACKETS = offset(COUNTER, "packets");
  private static final int BYTES = offset(COUNTER, "bytes");
  private static final int IFNAME = offset(COUNTER, "ifname");

  private PacketCounterLayout() {}

  /** The key under which the kernel counts it. */
  static byte[] key(PacketCounter counter) {
    return ByteBuffer.allocate(KEY_BYTES)
        .order(ByteOrder.nativeOrder())
        .putLong(LOCATION, counter.location())
        .putInt(CODE, counter.code())
        .putInt(IFINDEX, counter.ifindex())
        .putInt(NETNS, counter.netns())
        .putInt(COOKIE, counter.cookie())
        .array();
  }

  /**
   * The sum over all CPUs.
   *
   * @param values the CPUs' values, each {@code TALLY_BYTES} long
   */
  static PacketCounter counter(ByteBuffer key, ByteBuffer values) {
    return new PacketCounter(
        key.getLong(LOCATION),
        key.getInt(CODE),
        key.getInt(IFINDEX),
        key.getInt(NETNS),
        key.getInt(COOKIE),
        ifname(values),
        sum(values, PACKETS),
        sum(values, BYTES),
        false);
  }

  /** Decodes a value without a key. */
  static PacketCounter overflow(ByteBuffer values) {
    return PacketCounter.folded(
        0, PacketCounter.ANY_CODE, sum(values, PACKETS), sum(values, BYTES));
  }

  private static long sum(ByteBuffer values, int offset) {
    long sum = 0;
    for (int at = offset; at < values.limit(); at += COUNTER_BYTES) {
      sum += values.getLong(at);
    }
    return sum;
  }

  /**
   * Returns the name of the device. If two CPUs saw the key at once, either of them has the name.
   */
  private static String ifname(ByteBuffer values) {
    for (int at = IFNAME; at < values.limit(); at += COUNTER_BYTES) {
      if (values.get(at) != 0) {
        return name(values, at);
      }
    }
    return "";
  }

  private static String name(ByteBuffer values, int at) {
    byte[] bytes = new byte[EventLayout.IFNAME_BYTES];
    values.get(at, bytes);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static int offset(StructLayout layout, String field) {
    return (int) layout.byteOffset(PathElement.groupElement(field));
  }
}
