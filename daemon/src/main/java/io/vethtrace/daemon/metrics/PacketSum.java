package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.probe.counter.PacketCounter;

/** Packets and bytes of one series. */
record PacketSum(long packets, long bytes) {
  static final PacketSum ZERO = new PacketSum(0, 0);

  static PacketSum of(PacketCounter tally) {
    return new PacketSum(tally.packets(), tally.bytes());
  }

  PacketSum plus(PacketSum other) {
    return new PacketSum(packets + other.packets, bytes + other.bytes);
  }
}
