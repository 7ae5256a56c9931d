package io.vethtrace.daemon.engine.drop;

import io.vethtrace.daemon.engine.EngineTimings;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The kernel's drop counts, and their rise from moment to moment in the last hour. A moment keeps
 * only the counts that changed, and only as many moments are kept as there is room for. Safe on any
 * thread.
 */
public final class DropCountHistory {
  private static final int MOMENTS_MAX = 360;

  /** The limit of changed counts over all moments; each takes some 150 bytes. */
  private static final int CHANGES_MAX = 100_000;

  private final Supplier<List<PacketCounter>> kernel;
  private final LongSupplier unixNs;
  private final long beganUnixNs;
  private final Deque<Moment> moments = new ArrayDeque<>();
  private DropCounts kept = DropCounts.NONE;
  private int changes;

  /** The drops between the moment before and {@code unixNs}. */
  private record Moment(long unixNs, DropCounts dropped) {}

  /** The drops between two times, which may lie further apart than those of the request. */
  public record Answer(DropCounts dropped, long sinceUnixNs, long untilUnixNs) {}

  /**
   * Begins now.
   *
   * @param kernel reads the counts as they stand
   * @param unixNs CLOCK_REALTIME
   */
  public DropCountHistory(Supplier<List<PacketCounter>> kernel, LongSupplier unixNs) {
    this.kernel = kernel;
    this.unixNs = unixNs;
    beganUnixNs = unixNs.getAsLong();
    moments.add(new Moment(beganUnixNs, DropCounts.NONE));
  }

  /** Keeps this moment. Called every {@link EngineTimings#DROP_MOMENTS}. */
  public synchronized void keepMoment() {
    DropCounts now = read();
    DropCounts dropped = now.since(kept);
    moments.add(new Moment(unixNs.getAsLong(), dropped));
    kept = now;
    changes += dropped.totals().size();
    while (moments.size() > MOMENTS_MAX || (changes > CHANGES_MAX && moments.size() > 1)) {
      forgetFirst();
    }
  }

  /** Forgets the first moment: the drops before the new first one are not known any more. */
  private void forgetFirst() {
    moments.removeFirst();
    Moment first = moments.removeFirst();
    changes -= first.dropped().totals().size();
    moments.addFirst(new Moment(first.unixNs(), DropCounts.NONE));
  }

  private DropCounts read() {
    Map<DropKey, DropTotal> totals = new HashMap<>();
    for (PacketCounter counter : kernel.get()) {
      if (counter.packets() > 0) {
        DropTotal total = new DropTotal(counter.packets(), counter.bytes());
        totals.merge(DropKey.of(counter), total, DropTotal::plus);
      }
    }
    return new DropCounts(totals);
  }

  /** Returns the drops between two times; empty ones stand for the daemon's start and for now. */
  public synchronized Answer between(OptionalLong sinceUnixNs, OptionalLong untilUnixNs) {
    DropCounts now = read();
    long nowUnixNs = unixNs.getAsLong();
    long until = until(untilUnixNs.orElse(nowUnixNs), nowUnixNs);
    boolean isWhole = sinceUnixNs.isEmpty() || sinceUnixNs.getAsLong() <= beganUnixNs;
    long since = isWhole ? beganUnixNs : since(sinceUnixNs.getAsLong());
    DropCounts later = until < nowUnixNs ? droppedAfter(until, now) : DropCounts.NONE;
    DropCounts dropped = isWhole ? now : droppedAfter(since, now);
    return new Answer(dropped.since(later), since, until);
  }

  /** Returns the last moment that is not after that time, else the first that is kept. */
  private long since(long unixNs) {
    return moments.stream()
        .mapToLong(Moment::unixNs)
        .filter(moment -> moment <= unixNs)
        .max()
        .orElse(moments.getFirst().unixNs());
  }

  /** Returns the first moment that is not before that time, else now. */
  private long until(long unixNs, long nowUnixNs) {
    return moments.stream()
        .mapToLong(Moment::unixNs)
        .filter(moment -> moment >= unixNs)
        .min()
        .orElse(nowUnixNs);
  }

  /** Returns the drops after a moment that is kept. */
  private DropCounts droppedAfter(long moment, DropCounts now) {
    DropCounts dropped = now.since(kept);
    for (Moment later : moments) {
      dropped = later.unixNs() > moment ? dropped.plus(later.dropped()) : dropped;
    }
    return dropped;
  }
}
