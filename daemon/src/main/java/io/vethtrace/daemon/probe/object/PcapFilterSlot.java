package io.vethtrace.daemon.probe.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The room for a filter in a compiled object, {@code vt_pcap_filter} of {@code bpf/trace_filter.h}:
 * a marked instruction, jumps to the next one, and what says that all matches. A filter begins at
 * the mark; it may leave jumps behind it, which lead to its end.
 */
record PcapFilterSlot(ByteBuffer elf, int at) {
  private static final int INSTRUCTION_BYTES = 8;

  /** {@code r0 = 0x5654464d} */
  private static final long MARK = 0x5654464d_0000_00b7L;

  /** {@code goto +0} */
  private static final long NOTHING = 0x05;

  static PcapFilterSlot find(byte[] elf) {
    return new PcapFilterSlot(littleEndian(elf), BpfObjectMarkers.only(elf, longs(MARK, NOTHING)));
  }

  private static ByteBuffer littleEndian(byte[] elf) {
    return ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] longs(long first, long second) {
    return littleEndian(new byte[2 * Long.BYTES]).putLong(first).putLong(second).array();
  }

  /** Returns the number of instructions that fit. */
  int room() {
    int count = 1;
    while (elf.getLong(at + count * INSTRUCTION_BYTES) == NOTHING) {
      count++;
    }
    return count;
  }

  void fill(byte[] code) {
    if (code.length > room() * INSTRUCTION_BYTES) {
      throw new IllegalArgumentException("codeBytes=" + code.length + " room=" + room());
    }
    elf.put(at, code);
  }
}
