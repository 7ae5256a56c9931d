package io.vethtrace.daemon.probe;

import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.StructLayout;

/**
 * {@code struct vt_counters} of {@code bpf/wire.h}, summed over CPUs; at rest hits = delivered +
 * filtered + lost.
 *
 * @param hits skbs that the probe point is about
 * @param delivered put into the ring
 * @param filtered not wanted
 * @param lost the ring was full, or a part of the event was missed
 */
public record Counters(long hits, long delivered, long filtered, long lost) {
  static final StructLayout LAYOUT =
      structLayout(
          JAVA_LONG.withName("hits"),
          JAVA_LONG.withName("delivered"),
          JAVA_LONG.withName("filtered"),
          JAVA_LONG.withName("lost"));

  static final int SIZE_BYTES = (int) LAYOUT.byteSize();

  /** Of the fields in the order of the struct. */
  static Counters of(long[] fields) {
    return new Counters(fields[0], fields[1], fields[2], fields[3]);
  }
}
