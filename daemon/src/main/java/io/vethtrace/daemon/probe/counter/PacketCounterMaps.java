package io.vethtrace.daemon.probe.counter;

import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.Libbpf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The maps of exact counts, one for each kind, and the one that counts what these had no room for.
 */
public record PacketCounterMaps(Map<CounterKind, BpfMap> kinds, BpfMap overflow)
    implements AutoCloseable {
  static final String OVERFLOW = "vt_overflow";

  /** {@code VT_PACKET_COUNTERS_MAX}. */
  static final int KEYS_MAX = 4096;

  public static PacketCounterMaps create(Libbpf libbpf) {
    Map<CounterKind, BpfMap> kinds = new EnumMap<>(CounterKind.class);
    try {
      for (CounterKind kind : CounterKind.values()) {
        kinds.put(kind, hash(libbpf, kind.mapName()));
      }
      return new PacketCounterMaps(kinds, array(libbpf));
    } catch (BpfException e) {
      kinds.values().forEach(BpfMap::close);
      throw e;
    }
  }

  private static BpfMap hash(Libbpf libbpf, String name) {
    return libbpf.createMap(
        BpfMap.Type.PERCPU_HASH,
        name,
        PacketCounterLayout.KEY_BYTES,
        PacketCounterLayout.COUNTER_BYTES,
        KEYS_MAX);
  }

  private static BpfMap array(Libbpf libbpf) {
    return libbpf.createMap(
        BpfMap.Type.PERCPU_ARRAY,
        OVERFLOW,
        Integer.BYTES,
        PacketCounterLayout.COUNTER_BYTES,
        CounterKind.values().length);
  }

  public Map<String, BpfMap> byName() {
    Map<String, BpfMap> byName = new HashMap<>(Map.of(OVERFLOW, overflow));
    kinds.forEach((kind, map) -> byName.put(kind.mapName(), map));
    return byName;
  }

  /** Every key of a kind. */
  List<PacketCounter> read(CounterKind kind) {
    return map(kind).entries().stream()
        .map(entry -> PacketCounterLayout.counter(entry.key(), entry.valuesOfCpus()))
        .toList();
  }

  /**
   * Reads the packets that the kernel counted without a key because the map of this kind was full.
   */
  @SuppressWarnings("EnumOrdinal") // it is the wire value
  PacketCounter readOverflow(CounterKind kind) {
    byte[] index =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putInt(kind.ordinal())
            .array();
    return PacketCounterLayout.overflow(overflow.entry(index).orElseThrow().valuesOfCpus());
  }

  /** Takes a key out of the kernel; its last count. */
  PacketCounter take(CounterKind kind, PacketCounter counter) {
    byte[] key = PacketCounterLayout.key(counter);
    BpfMap map = map(kind);
    PacketCounter last =
        map.entry(key)
            .map(entry -> PacketCounterLayout.counter(entry.key(), entry.valuesOfCpus()))
            .orElse(counter);
    map.delete(key);
    return last;
  }

  @SuppressWarnings("NullAway") // there is one for each kind
  private BpfMap map(CounterKind kind) {
    return kinds.get(kind);
  }

  @Override
  public void close() {
    kinds.values().forEach(BpfMap::close);
    overflow.close();
  }
}
