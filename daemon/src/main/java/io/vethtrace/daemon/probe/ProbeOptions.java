package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.MappedMemory;
import io.vethtrace.daemon.probe.object.TraceFilter;

/**
 * Options of the probes.
 *
 * @param ringBytes size of the ring buffer: a power of two, one page or more
 * @param filter the packets of which the probes make events
 */
public record ProbeOptions(int ringBytes, TraceFilter filter) {
  /** Room for some 77,000 events. */
  public static final int DEFAULT_RING_BYTES = 16 << 20;

  public ProbeOptions {
    int pageBytes = MappedMemory.pageBytes();
    if (Integer.bitCount(ringBytes) != 1 || ringBytes < pageBytes) {
      throw new IllegalArgumentException(
          "a ring of %d bytes: pass a power of two of at least one page (%d bytes), such as %d"
              .formatted(ringBytes, pageBytes, DEFAULT_RING_BYTES));
    }
  }

  /** The options for all packets. */
  public ProbeOptions(int ringBytes) {
    this(ringBytes, TraceFilter.all());
  }

  public static ProbeOptions defaults() {
    return new ProbeOptions(DEFAULT_RING_BYTES);
  }
}
