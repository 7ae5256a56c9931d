package io.vethtrace.daemon.probe.counter;

import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.StructLayout;

/**
 * {@code struct vt_hook_counters} of {@code bpf/wire.h}, summed over CPUs; at rest hits = delivered
 * + filtered + lost.
 *
 * @param hits skbs that the probe point is about
 * @param delivered put into the ring
 * @param filtered not wanted
 * @param lost the ring was full, or a part of the event was missed
 */
public record ProbeHitCounters(long hits, long delivered, long filtered, long lost) {
  public static final ProbeHitCounters NONE = new ProbeHitCounters(0, 0, 0, 0);

  public static final StructLayout LAYOUT =
      structLayout(
          JAVA_LONG.withName("hits"),
          JAVA_LONG.withName("delivered"),
          JAVA_LONG.withName("filtered"),
          JAVA_LONG.withName("lost"));

  public static final int SIZE_BYTES = (int) LAYOUT.byteSize();

  /** Creates counters of the fields in the order of the struct. */
  public static ProbeHitCounters of(long[] fields) {
    return new ProbeHitCounters(fields[0], fields[1], fields[2], fields[3]);
  }
}
