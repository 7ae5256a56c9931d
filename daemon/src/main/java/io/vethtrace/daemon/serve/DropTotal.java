package io.vethtrace.daemon.serve;

/** Dropped packets, and the sum of their sk_buff.len. */
record DropTotal(long packets, long bytes) {
  static final DropTotal NONE = new DropTotal(0, 0);

  DropTotal plus(DropTotal other) {
    return new DropTotal(packets + other.packets, bytes + other.bytes);
  }

  DropTotal minus(DropTotal other) {
    return new DropTotal(packets - other.packets, bytes - other.bytes);
  }
}
