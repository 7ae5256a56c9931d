package io.vethtrace.bench;

import java.io.IOException;

/** A ring and its reader. */
interface Drain extends AutoCloseable {
  /** The records and the time of draining a full ring once. */
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
