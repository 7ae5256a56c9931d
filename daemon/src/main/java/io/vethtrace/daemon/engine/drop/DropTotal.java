package io.vethtrace.daemon.engine.drop;

/** Dropped packets, and the sum of their sk_buff.len. */
public record DropTotal(long packets, long bytes) {
  static final DropTotal NONE = new DropTotal(0, 0);

  public DropTotal plus(DropTotal other) {
    return new DropTotal(packets + other.packets, bytes + other.bytes);
  }

  DropTotal minus(DropTotal other) {
    return new DropTotal(packets - other.packets, bytes - other.bytes);
  }
}
