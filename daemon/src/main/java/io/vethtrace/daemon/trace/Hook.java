package io.vethtrace.daemon.trace;

import java.util.Locale;

/**
 * The kernel function or tracepoint where an event is made. The ordinal is the value of {@code enum
 * vt_hook} in {@code bpf/wire.h}, and the names agree; a test compares the two.
 */
public enum Hook {
  UNSPECIFIED(Kind.NONE),
  VETH_XMIT(Kind.DEVICE),
  LOOPBACK_XMIT(Kind.DEVICE),
  NETIF_RX(Kind.DEVICE),
  NETIF_RECEIVE_SKB(Kind.DEVICE),
  FIB_VALIDATE_SOURCE(Kind.SOURCE_CHECK),
  KFREE_SKB(Kind.DROP),
  CONSUME_SKB(Kind.CONSUMPTION),
  FIB_TABLE_LOOKUP(Kind.ROUTE_LOOKUP),
  FIB6_TABLE_LOOKUP(Kind.ROUTE_LOOKUP);

  /** The kind of event that is made at a hook: one for each class of {@link Event}. */
  public enum Kind {
    /** The value that no event has. */
    NONE,
    DEVICE,
    DROP,
    CONSUMPTION,
    SOURCE_CHECK,
    ROUTE_LOOKUP
  }

  private static final Hook[] VALUES = values();

  private final Kind kind;
  private final String kernelName;

  Hook(Kind kind) {
    this.kind = kind;
    kernelName = name().toLowerCase(Locale.ROOT);
  }

  /** The kind of event that is made here. */
  public Kind kind() {
    return kind;
  }

  /** The kernel's name of the function or tracepoint, as users read it. */
  public String kernelName() {
    return kernelName;
  }

  /** Returns the hook with this wire value; {@link #UNSPECIFIED} if the value is not known here. */
  public static Hook ofWire(int value) {
    return value > 0 && value < VALUES.length ? VALUES[value] : UNSPECIFIED;
  }

  /** Returns true if a device takes the skb from the stack here. */
  public boolean isTransmit() {
    return this == VETH_XMIT || this == LOOPBACK_XMIT;
  }

  /** Returns true if a device hands the skb to the stack here. */
  public boolean isReceive() {
    return this == NETIF_RX || this == NETIF_RECEIVE_SKB;
  }
}
