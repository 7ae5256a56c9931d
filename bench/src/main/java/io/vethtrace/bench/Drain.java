package io.vethtrace.bench;

import java.io.IOException;

/** A ring and its reader. */
interface Drain extends AutoCloseable {
  /** The cost of draining a filled ring. */
  record Round(long records, long nanos) {
    double recordsPerSecond() {
      return records * 1e9 / nanos;
    }
  }

  /** Fills the ring, which is not timed, and drains it. */
  Round round() throws IOException;

  @Override
  void close() throws IOException;
}
