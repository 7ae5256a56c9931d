package io.vethtrace.daemon.engine.drop;

import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The kernel's counts of drops, and what they rose by from moment to moment in the last hour: of a
 * moment only the counts that changed are kept, and of moments only as many as there is room for.
 * On any thread.
 */
public final class DropCountHistory {
  /** How far apart the moments are that are kept. */
  public static final Duration GRANULARITY = Duration.ofSeconds(10);

  private static final int MOMENTS_MAX = 360;

  /** Changed counts over all moments; each takes some 150 bytes. */
  private static final int CHANGES_MAX = 100_000;

  private final Supplier<List<PacketCounter>> kernel;
  private final LongSupplier unixNs;
  private final long beganUnixNs;
  private final Deque<Moment> moments = new ArrayDeque<>();
  private DropCounts kept = DropCounts.NONE;
  private int changes;

  /** What was dropped from the moment before until {@code unixNs}. */
  private record Moment(long unixNs, DropCounts dropped) {}

  /** What was dropped between two times, which may lie further apart than was asked for. */
  public record Answer(DropCounts dropped, long sinceUnixNs, long untilUnixNs) {}

  /**
   * Begins now.
   *
   * @param kernel the counts as they stand
   * @param unixNs CLOCK_REALTIME
   */
  public DropCountHistory(Supplier<List<PacketCounter>> kernel, LongSupplier unixNs) {
    this.kernel = kernel;
    this.unixNs = unixNs;
    beganUnixNs = unixNs.getAsLong();
    moments.add(new Moment(beganUnixNs, DropCounts.NONE));
  }

  /** Keeps this moment. Called every {@link #GRANULARITY}. */
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

  /** What was dropped before the first moment is not known. */
  private void forgetFirst() {
    moments.removeFirst();
    Moment first = moments.removeFirst();
    changes -= first.dropped().totals().size();
    moments.addFirst(new Moment(first.unixNs(), DropCounts.NONE));
  }

  private DropCounts read() {
    Map<DropKey, DropTotal> totals = new HashMap<>();
    for (PacketCounter tally : kernel.get()) {
      if (tally.packets() > 0) {
        DropTotal total = new DropTotal(tally.packets(), tally.bytes());
        totals.merge(DropKey.of(tally), total, DropTotal::plus);
      }
    }
    return new DropCounts(totals);
  }

  /** Empty bounds are the daemon's beginning, and now. */
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

  /** The last moment that is not after that time, else the first that is kept. */
  private long since(long asked) {
    return moments.stream()
        .mapToLong(Moment::unixNs)
        .filter(moment -> moment <= asked)
        .max()
        .orElse(moments.getFirst().unixNs());
  }

  /** The first moment that is not before that time, else now. */
  private long until(long asked, long nowUnixNs) {
    return moments.stream()
        .mapToLong(Moment::unixNs)
        .filter(moment -> moment >= asked)
        .min()
        .orElse(nowUnixNs);
  }

  /** What was dropped from a moment on that is kept. */
  private DropCounts droppedAfter(long moment, DropCounts now) {
    DropCounts dropped = now.since(kept);
    for (Moment later : moments) {
      dropped = later.unixNs() > moment ? dropped.plus(later.dropped()) : dropped;
    }
    return dropped;
  }
}
