package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.probe.Tally;

/** Packets and bytes of one series. */
record Sum(long packets, long bytes) {
  static final Sum ZERO = new Sum(0, 0);

  static Sum of(Tally tally) {
    return new Sum(tally.packets(), tally.bytes());
  }

  Sum plus(Sum other) {
    return new Sum(packets + other.packets, bytes + other.bytes);
  }
}
