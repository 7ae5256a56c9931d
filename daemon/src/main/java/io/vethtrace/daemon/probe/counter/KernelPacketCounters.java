package io.vethtrace.daemon.probe.counter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The kernel's exact counts, and those that were taken out of the kernel to make room: together
 * they are all that was ever counted. On any thread.
 */
public final class KernelPacketCounters implements AutoCloseable {
  private record Folded(long place, int code) {}

  private final PacketCounterMaps maps;
  private final Map<CounterKind, Map<Folded, PacketCounter>> retired =
      new EnumMap<>(CounterKind.class);
  private boolean closed;

  public KernelPacketCounters(PacketCounterMaps maps) {
    this.maps = maps;
    for (CounterKind kind : CounterKind.values()) {
      retired.put(kind, new LinkedHashMap<>());
    }
  }

  /** Every count of a kind, the folded ones last. */
  public synchronized List<PacketCounter> read(CounterKind kind) {
    if (closed) {
      return List.of();
    }
    List<PacketCounter> counters = new ArrayList<>(maps.read(kind));
    counters.addAll(retired(kind).values());
    PacketCounter beyond = maps.readOverflow(kind);
    if (beyond.packets() > 0) {
      counters.add(beyond);
    }
    return counters;
  }

  /** Packets of a kind that were counted without a key, as the kernel's map was full. */
  public synchronized long overflowPackets(CounterKind kind) {
    return closed ? 0 : maps.readOverflow(kind).packets();
  }

  /**
   * Takes the counts of interfaces that are gone out of the kernel and folds them: reason and place
   * stay, interface and namespace do not.
   *
   * <p>A program that has found the entry just before it is deleted may count into memory that is
   * not its own any more. So {@code gone} must hold only for what no packet can belong to by now:
   * the kernel waits for every packet of a device before the device is gone (net/core/dev.c,
   * unregister_netdevice_many_notify), and a caller that has missed it twice, with seconds between,
   * is behind that.
   *
   * @return their last counts
   */
  public synchronized List<PacketCounter> retire(CounterKind kind, Predicate<PacketCounter> gone) {
    if (closed) {
      return List.of();
    }
    List<PacketCounter> taken =
        maps.read(kind).stream().filter(gone).map(counter -> maps.take(kind, counter)).toList();
    for (PacketCounter counter : taken) {
      Folded key = new Folded(counter.location(), counter.code());
      retired(kind).merge(key, counter.withoutInterface(), PacketCounter::plus);
    }
    return taken;
  }

  @SuppressWarnings("NullAway") // there is one for each kind
  private Map<Folded, PacketCounter> retired(CounterKind kind) {
    return retired.get(kind);
  }

  @Override
  public synchronized void close() {
    closed = true;
    maps.close();
  }
}
