package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.kernel.host.WallClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Up to when the feed has all journeys of some namespaces: not a fixed time ago, since a busy
 * machine may read the ring late. For one thread.
 */
public final class FeedWatermark {
  /** How fine the answer is; each question that is open costs the trace thread a look. */
  private static final long ASK_AGAIN_NS = Duration.ofMillis(100).toNanos();

  private final Tracing tracing;
  private final Set<Integer> netns;
  private final Queue<Asked> open = new ArrayDeque<>();
  private long askedNs = System.nanoTime() - ASK_AGAIN_NS;
  private long untilUnixNs;

  private record Asked(long unixNs, CompletableFuture<Void> quiet) {}

  public FeedWatermark(Tracing tracing, Set<Integer> netns) {
    this.tracing = tracing;
    this.netns = Set.copyOf(netns);
    untilUnixNs = WallClock.nowUnixNs();
  }

  /** Looks whether more has become complete; where tracing has ended nothing more will come. */
  public void look() {
    long now = System.nanoTime();
    if (now - askedNs >= ASK_AGAIN_NS) {
      open.add(new Asked(WallClock.nowUnixNs(), tracing.quiet(netns)));
      askedNs = now;
    }
    while (!open.isEmpty() && open.element().quiet().isDone()) {
      untilUnixNs = open.remove().unixNs();
    }
  }

  /** The journeys that began before then are in the feed. */
  public long untilUnixNs() {
    return untilUnixNs;
  }
}
