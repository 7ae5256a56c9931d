package io.vethtrace.daemon.probe.counter;

/**
 * The kinds of packets that the BPF side counts without the ring: {@code enum vt_counter_kind} of
 * {@code bpf/wire.h}.
 */
public enum CounterKind {
  /** Dropped skbs, by reason and place. */
  DROPS("vt_drops"),

  /** Refused source addresses, by the result of fib_validate_source. */
  REFUSALS("vt_refusals"),

  /** Frames on veths and on lo, by {@link TrafficKind}. */
  TRAFFIC("vt_traffic");

  private final String mapName;

  CounterKind(String mapName) {
    this.mapName = mapName;
  }

  /** The kernel's name of the map. */
  String mapName() {
    return mapName;
  }
}
