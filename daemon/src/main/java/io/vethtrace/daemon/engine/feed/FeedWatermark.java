package io.vethtrace.daemon.engine.feed;

import static io.vethtrace.daemon.engine.EngineTimings.WATERMARK_NS;

import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The time up to which the feed has all journeys of some namespaces. It is no fixed time ago, since
 * a busy machine may read the ring late. For one thread.
 */
public final class FeedWatermark {
  private final FeedProgress progress;
  private final Set<Integer> netns;
  private final Queue<Mark> open = new ArrayDeque<>();
  private long markedNs = System.nanoTime() - WATERMARK_NS;
  private long untilUnixNs;

  private record Mark(long unixNs, CompletableFuture<Void> passed) {}

  /** An empty set stands for all namespaces. */
  public FeedWatermark(FeedProgress progress, Set<Integer> netns) {
    this.progress = progress;
    this.netns = Set.copyOf(netns);
    untilUnixNs = WallClock.nowUnixNs();
  }

  /** Moves the mark as far as the feed is complete; it stays once tracing has ended. */
  public void advance() {
    long now = System.nanoTime();
    if (now - markedNs >= WATERMARK_NS) {
      open.add(new Mark(WallClock.nowUnixNs(), progress.journeysEnded(netns)));
      markedNs = now;
    }
    while (!open.isEmpty() && open.element().passed().isDone()) {
      untilUnixNs = open.remove().unixNs();
    }
  }

  /** Returns the mark: all journeys that began before it are in the feed. */
  public long untilUnixNs() {
    return untilUnixNs;
  }
}
