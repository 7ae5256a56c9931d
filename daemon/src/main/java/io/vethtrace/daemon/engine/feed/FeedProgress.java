package io.vethtrace.daemon.engine.feed;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The progress of events through the ring into the feed. Safe on any thread. */
public interface FeedProgress {
  /** Completes when every event that is in the ring now has become part of its journey. */
  CompletableFuture<Void> drained();

  /**
   * Completes when every journey that has begun by now and passed one of these namespaces is in the
   * feed; an empty set stands for all namespaces. A packet that nobody frees in sight takes a
   * second.
   */
  CompletableFuture<Void> journeysEnded(Set<Integer> netns);
}
