package io.vethtrace.daemon.engine.drop;

import java.util.HashMap;
import java.util.Map;

/** Dropped packets by the keys under which the kernel counts them; none of them is 0. */
public record DropCounts(Map<DropKey, DropTotal> totals) {
  static final DropCounts NONE = new DropCounts(Map.of());

  public DropCounts {
    totals = Map.copyOf(totals);
  }

  DropCounts plus(DropCounts others) {
    Map<DropKey, DropTotal> sum = new HashMap<>(totals);
    others.totals.forEach((key, total) -> sum.merge(key, total, DropTotal::plus));
    return new DropCounts(sum);
  }

  /**
   * Returns the rise between {@code before} and this. The kernel's counts of an interface that is
   * gone go on without the interface, and include what it had before.
   */
  DropCounts since(DropCounts before) {
    Map<DropKey, DropTotal> left = new HashMap<>(totals);
    before.totals.forEach((key, total) -> {
      DropTotal now = totals.getOrDefault(key, DropTotal.NONE);
      // Less than before: the key is gone, and may be there anew.
      DropKey holder = now.packets() < total.packets() ? key.withoutInterface() : key;
      left.merge(holder, DropTotal.NONE.minus(total), DropTotal::plus);
    });
    left.values().removeIf(total -> total.packets() <= 0);
    return new DropCounts(left);
  }
}
