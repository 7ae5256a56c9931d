package io.vethtrace.daemon.probe.counter;

/**
 * The movement of a frame on a veth device or on lo: {@code enum vt_traffic} of {@code bpf/wire.h}.
 */
public enum TrafficKind {
  UNSPECIFIED,

  /** The stack handed it to a veth. */
  VETH_TRANSMIT,

  /** It entered the stack from a veth. */
  VETH_RECEIVE,

  /** The stack handed it to lo. */
  LOOPBACK_TRANSMIT,

  /** It entered the stack from lo. */
  LOOPBACK_RECEIVE;

  private static final TrafficKind[] VALUES = values();

  /**
   * Returns the kind of a {@link PacketCounter#code}, {@link #UNSPECIFIED} for an unknown value.
   */
  public static TrafficKind of(int code) {
    return code > 0 && code < VALUES.length ? VALUES[code] : UNSPECIFIED;
  }
}
