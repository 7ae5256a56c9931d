package io.vethtrace.daemon.probe.object;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.ring.EventLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct vt_trace_filter} of {@code bpf/wire.h} in a compiled object: the only place that
 * knows its offsets.
 *
 * <pre>
 *   0                8                16       20       24       28       32
 *   +----------------+----------------+--------+--------+--------+--------+
 *   |             mark                |filtered| netns_c| ifn_c  | length |
 *   +----------------+----------------+--------+--------+--------+--------+
 *   |                        netns, 8 inodes                               |  32
 *   +---------------------------------------------------------------------+
 *   |                     ifname, 8 names of 16 bytes                      |  64 to 192
 *   +---------------------------------------------------------------------+
 * </pre>
 */
public record TraceFilterLayout(ByteBuffer elf, int at) {
  public static final StructLayout OPTIONS =
      structLayout(
          sequenceLayout(2, JAVA_LONG).withName("mark"),
          JAVA_INT.withName("has_pcap_filter"),
          JAVA_INT.withName("netns_count"),
          JAVA_INT.withName("ifname_count"),
          JAVA_INT.withName("pcap_filter_reads_len"),
          sequenceLayout(TraceFilter.MAX_ENTRIES, JAVA_INT).withName("netns"),
          sequenceLayout(
                  TraceFilter.MAX_ENTRIES, sequenceLayout(EventLayout.IFNAME_BYTES, JAVA_BYTE))
              .withName("ifname"));

  private static final byte[] MARK =
      littleEndian(new byte[16]).putLong(0x7470655f74767e01L).putLong(0x0273766f69747066L).array();

  private static final int HAS_PCAP_FILTER = offset("has_pcap_filter");
  private static final int PCAP_FILTER_READS_LEN = offset("pcap_filter_reads_len");
  private static final int NETNS_COUNT = offset("netns_count");
  private static final int IFNAME_COUNT = offset("ifname_count");
  private static final int NETNS = offset("netns");
  private static final int IFNAME = offset("ifname");

  static TraceFilterLayout find(byte[] elf) {
    return new TraceFilterLayout(littleEndian(elf), BpfObjectMarkers.only(elf, MARK));
  }

  void write(TraceFilter filter) {
    elf.putInt(at + HAS_PCAP_FILTER, filter.filter().isPresent() ? 1 : 0);
    elf.putInt(
        at + PCAP_FILTER_READS_LEN, filter.filter().filter(Filter::asksLength).isPresent() ? 1 : 0);
    elf.putInt(at + NETNS_COUNT, filter.netns().size());
    for (int i = 0; i < filter.netns().size(); i++) {
      elf.putInt(at + NETNS + i * Integer.BYTES, filter.netns().get(i));
    }
    elf.putInt(at + IFNAME_COUNT, filter.interfaces().size());
    for (int i = 0; i < filter.interfaces().size(); i++) {
      elf.put(at + IFNAME + i * EventLayout.IFNAME_BYTES, bytes(filter.interfaces().get(i)));
    }
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int offset(String field) {
    return (int) OPTIONS.byteOffset(PathElement.groupElement(field));
  }
}
