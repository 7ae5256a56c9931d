package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.probe.counter.CounterKind;
import io.vethtrace.daemon.probe.counter.KernelPacketCounters;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The series of one kind of count: no more than a cap, and yet nothing is missing from their sum.
 * What comes when the cap is reached is folded into a series without interface, and stays there,
 * because a counter must not fall; what is gone is folded too, and makes room. On any thread.
 */
final class BoundedMetricSeries {
  /** One kind of count, as {@link KernelPacketCounters} has it. */
  interface Source {
    List<PacketCounter> read();

    List<PacketCounter> retire(Predicate<PacketCounter> gone);

    long beyondRoom();

    static Source of(KernelPacketCounters tallies, CounterKind kind) {
      return new Source() {
        @Override
        public List<PacketCounter> read() {
          return tallies.read(kind);
        }

        @Override
        public List<PacketCounter> retire(Predicate<PacketCounter> gone) {
          return tallies.retire(kind, gone);
        }

        @Override
        public long beyondRoom() {
          return tallies.overflowPackets(kind);
        }
      };
    }
  }

  private record Key(int code, int ifindex, int netns, int cookie) {
    static Key of(PacketCounter tally) {
      return new Key(tally.code(), tally.ifindex(), tally.netns(), tally.cookie());
    }
  }

  private record Counted(long place, Key key) {
    static Counted of(PacketCounter tally) {
      return new Counted(tally.location(), Key.of(tally));
    }
  }

  private final Source source;
  private final InterfaceDirectory places;
  private final IntFunction<List<String>> code;
  private final int cap;

  /** The series that have their own labels, with what their interfaces that are gone counted. */
  private final Map<SeriesLabels, PacketSum> admitted = new LinkedHashMap<>();

  private final Set<Key> refused = new HashSet<>();
  private final Map<List<String>, PacketSum> folded = new HashMap<>();

  /** The counters that were gone at the last look, with their numbers of packets. */
  private Map<Counted, Long> suspects = Map.of();

  private long foldedSeries;

  /** {@code code} gives the values of the labels that a tally's code stands for. */
  BoundedMetricSeries(
      Source source, InterfaceDirectory places, IntFunction<List<String>> code, int cap) {
    this.source = source;
    this.places = places;
    this.code = code;
    this.cap = cap;
  }

  /** Every series, the folded ones last. */
  synchronized Map<SeriesLabels, PacketSum> read() {
    Map<SeriesLabels, PacketSum> series = new LinkedHashMap<>(admitted);
    Map<List<String>, PacketSum> others = new HashMap<>(folded);
    for (PacketCounter tally : source.read()) {
      if (isOwn(tally) && isAdmitted(tally)) {
        series.merge(labels(tally), PacketSum.of(tally), PacketSum::plus);
      } else if (isOwn(tally) || tally.code() == PacketCounter.ANY_CODE) {
        others.merge(code.apply(tally.code()), PacketSum.of(tally), PacketSum::plus);
      }
    }
    others.forEach(
        (values, sum) -> series.merge(SeriesLabels.folded(values), sum, PacketSum::plus));
    return series;
  }

  /**
   * Returns true for packets that {@link #retire} took: they are in {@link #folded} or {@link
   * #admitted} already.
   */
  private static boolean isOwn(PacketCounter tally) {
    return !tally.folded();
  }

  private boolean isAdmitted(PacketCounter tally) {
    Key key = Key.of(tally);
    if (refused.contains(key)) {
      return false;
    }
    SeriesLabels labels = labels(tally);
    if (admitted.containsKey(labels) || admitted.size() < cap) {
      admitted.putIfAbsent(labels, PacketSum.ZERO);
      return true;
    }
    refused.add(key);
    foldedSeries++;
    return false;
  }

  private SeriesLabels labels(PacketCounter tally) {
    return new SeriesLabels(code.apply(tally.code()), places.ifname(tally), places.netns(tally));
  }

  /**
   * Retires the counts of interfaces that {@link InterfaceDirectory#isGone} said at two calls in a
   * row, and that counted nothing between: after this long no packet of theirs is on its way.
   */
  synchronized void retire() {
    Map<Counted, Long> gone = new HashMap<>();
    for (PacketCounter tally : source.read()) {
      if (isOwn(tally) && places.isGone(tally)) {
        isAdmitted(tally); // it may have come and gone since the last reading
        gone.put(Counted.of(tally), tally.packets());
      }
    }
    Map<Counted, Long> before = suspects;
    source
        .retire(tally -> isStill(tally, before) && gone.containsKey(Counted.of(tally)))
        .forEach(this::absorb);
    suspects = gone;
    release();
  }

  private static boolean isStill(PacketCounter tally, Map<Counted, Long> before) {
    Long packets = before.get(Counted.of(tally));
    return packets != null && packets == tally.packets();
  }

  /**
   * Adds a counter that is gone to its own series first, because another interface may have the
   * same labels by now.
   */
  private void absorb(PacketCounter tally) {
    SeriesLabels labels = labels(tally);
    if (!refused.contains(Key.of(tally)) && admitted.containsKey(labels)) {
      admitted.merge(labels, PacketSum.of(tally), PacketSum::plus);
    } else {
      fold(labels.code(), PacketSum.of(tally));
    }
  }

  private void fold(List<String> codes, PacketSum sum) {
    folded.merge(codes, sum, PacketSum::plus);
  }

  /** Ends the series that no interface has any more. */
  private void release() {
    Set<SeriesLabels> live = new HashSet<>();
    Set<Key> keys = new HashSet<>();
    for (PacketCounter tally : source.read()) {
      if (isOwn(tally)) {
        live.add(labels(tally));
        keys.add(Key.of(tally));
      }
    }
    refused.retainAll(keys);
    for (SeriesLabels labels : List.copyOf(admitted.keySet())) {
      if (!live.contains(labels)) {
        fold(labels.code(), admitted.getOrDefault(labels, PacketSum.ZERO));
        admitted.remove(labels);
        foldedSeries++;
      }
    }
  }

  /** Returns the number of series that were folded so far. */
  synchronized long foldedSeries() {
    return foldedSeries;
  }

  /**
   * Returns the number of packets that the kernel counted without a key because its map was full.
   */
  long beyondRoom() {
    return source.beyondRoom();
  }
}
