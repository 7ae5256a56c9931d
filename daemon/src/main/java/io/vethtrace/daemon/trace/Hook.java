package io.vethtrace.daemon.trace;

/**
 * A probe point. The ordinal is the value of {@code enum vt_hook} in {@code bpf/wire.h}; a test
 * compares the two.
 */
public enum Hook {
  UNSPECIFIED("unspecified"),
  VETH_XMIT("veth_xmit"),
  LOOPBACK_XMIT("loopback_xmit"),
  NETIF_RX("netif_rx"),
  NETIF_RECEIVE_SKB("netif_receive_skb"),
  FIB_VALIDATE_SOURCE("fib_validate_source"),
  KFREE_SKB("kfree_skb"),
  CONSUME_SKB("consume_skb"),
  FIB_TABLE_LOOKUP("fib_table_lookup"),
  FIB6_TABLE_LOOKUP("fib6_table_lookup");

  private static final Hook[] VALUES = values();

  private final String kernelName;

  Hook(String kernelName) {
    this.kernelName = kernelName;
  }

  /** The kernel's name of the function or tracepoint, as users read it. */
  public String kernelName() {
    return kernelName;
  }

  /** The hook with this wire value, {@link #UNSPECIFIED} for a value that is not known here. */
  public static Hook ofWire(int value) {
    return value > 0 && value < VALUES.length ? VALUES[value] : UNSPECIFIED;
  }

  /** Whether a device takes the skb from the stack here. */
  public boolean isTransmit() {
    return this == VETH_XMIT || this == LOOPBACK_XMIT;
  }

  /** Whether a device hands the skb to the stack here. */
  public boolean isReceive() {
    return this == NETIF_RX || this == NETIF_RECEIVE_SKB;
  }
}
