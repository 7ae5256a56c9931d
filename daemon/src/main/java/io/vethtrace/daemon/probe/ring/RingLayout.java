package io.vethtrace.daemon.probe.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The BPF ring buffer's memory (kernel/bpf/ringbuf.c and include/uapi/linux/bpf.h, the same from
 * Linux 5.8 on): the only place that knows its offsets.
 *
 * <pre>
 *   map offset 0            one page         a page              max_entries    max_entries
 *   +------------------------+------------------------+-----------------+-----------------+
 *   | consumer position, u64 | producer position, u64 |   the records   | the same pages  |
 *   +------------------------+------------------------+-----------------+-----------------+
 *     we write, kernel reads   kernel writes            a record that wraps is contiguous
 *
 *   a record, 8-byte aligned:
 *    31   30   29                          0
 *   +----+----+-----------------------------+--------------------------+----------+---------+
 *   |BUSY|DROP|   length in bytes, u32      | page offset, u32 (unused)|   data   | padding |
 *   +----+----+-----------------------------+--------------------------+----------+---------+
 * </pre>
 *
 * Positions only grow; a record lies at its position modulo the ring's size. BUSY: reserved, not
 * committed. DROP: discarded by the program that reserved it.
 */
final class RingLayout {
  static final int HEADER_BYTES = 8;

  private static final int BUSY_BIT = 1 << 31;
  private static final int DISCARD_BIT = 1 << 30;
  private static final int LENGTH_MASK = DISCARD_BIT - 1;

  private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();

  private RingLayout() {}

  /** Pairs with the kernel's smp_store_release of producer_pos in __bpf_ringbuf_reserve. */
  static long producerPosition(MemorySegment producerPage) {
    return (long) POSITION.getAcquire(producerPage, 0L);
  }

  static long consumerPosition(MemorySegment consumerPage) {
    return (long) POSITION.getOpaque(consumerPage, 0L);
  }

  /** Gives the kernel the space before {@code position}: all reads of it happen before. */
  static void release(MemorySegment consumerPage, long position) {
    POSITION.setRelease(consumerPage, 0L, position);
  }

  /**
   * Releases space like {@link #release}, ordered before every later look at the ring.
   * bpf_ringbuf_commit wakes the reader only if it sees the position of the record that it commits,
   * so a reader that goes to sleep must look once more after its position is visible.
   */
  static void releaseBeforeLooking(MemorySegment consumerPage, long position) {
    POSITION.setVolatile(consumerPage, 0L, position);
  }

  /** Pairs with the kernel's xchg of the header in bpf_ringbuf_commit. */
  static int header(MemorySegment data, long at) {
    return (int) LENGTH.getAcquire(data, at);
  }

  static boolean isBusy(int header) {
    return (header & BUSY_BIT) != 0;
  }

  static boolean isDiscarded(int header) {
    return (header & DISCARD_BIT) != 0;
  }

  static int lengthBytes(int header) {
    return header & LENGTH_MASK;
  }

  /** Returns the distance to the header of the next record. */
  static long strideBytes(int header) {
    return ((long) lengthBytes(header) + HEADER_BYTES + 7) & -8L;
  }
}
