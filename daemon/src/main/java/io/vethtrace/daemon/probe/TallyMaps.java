package io.vethtrace.daemon.probe;

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
record TallyMaps(Map<Tallied, BpfMap> kinds, BpfMap folded) implements AutoCloseable {
  static final String FOLDED = "vt_folded";

  /** {@code VT_TALLY_KEYS_MAX}. */
  static final int KEYS_MAX = 4096;

  static TallyMaps create(Libbpf libbpf) {
    Map<Tallied, BpfMap> kinds = new EnumMap<>(Tallied.class);
    try {
      for (Tallied kind : Tallied.values()) {
        kinds.put(kind, hash(libbpf, kind.mapName()));
      }
      return new TallyMaps(kinds, array(libbpf));
    } catch (BpfException e) {
      kinds.values().forEach(BpfMap::close);
      throw e;
    }
  }

  private static BpfMap hash(Libbpf libbpf, String name) {
    return libbpf.createMap(
        BpfMap.Type.PERCPU_HASH, name, TallyLayout.KEY_BYTES, TallyLayout.TALLY_BYTES, KEYS_MAX);
  }

  private static BpfMap array(Libbpf libbpf) {
    return libbpf.createMap(
        BpfMap.Type.PERCPU_ARRAY,
        FOLDED,
        Integer.BYTES,
        TallyLayout.TALLY_BYTES,
        Tallied.values().length);
  }

  Map<String, BpfMap> byName() {
    Map<String, BpfMap> byName = new HashMap<>(Map.of(FOLDED, folded));
    kinds.forEach((kind, map) -> byName.put(kind.mapName(), map));
    return byName;
  }

  /** Every key of a kind. */
  List<Tally> read(Tallied kind) {
    return map(kind).entries().stream()
        .map(entry -> TallyLayout.tally(entry.key(), entry.valuesOfCpus()))
        .toList();
  }

  /** What the kernel counted without a key, as the kind's map was full. */
  @SuppressWarnings("EnumOrdinal") // it is the wire value
  Tally readFolded(Tallied kind) {
    byte[] index =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putInt(kind.ordinal())
            .array();
    return TallyLayout.folded(folded.entry(index).orElseThrow().valuesOfCpus());
  }

  /** Takes a key out of the kernel; its last count. */
  Tally take(Tallied kind, Tally tally) {
    byte[] key = TallyLayout.key(tally);
    BpfMap map = map(kind);
    Tally last =
        map.entry(key)
            .map(entry -> TallyLayout.tally(entry.key(), entry.valuesOfCpus()))
            .orElse(tally);
    map.delete(key);
    return last;
  }

  @SuppressWarnings("NullAway") // there is one for each kind
  private BpfMap map(Tallied kind) {
    return kinds.get(kind);
  }

  @Override
  public void close() {
    kinds.values().forEach(BpfMap::close);
    folded.close();
  }
}
