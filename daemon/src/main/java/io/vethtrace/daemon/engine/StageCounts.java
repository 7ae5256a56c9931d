package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.engine.feed.Subscription;

/** What passed one stage so far; at rest produced = delivered + filtered + lost. */
public record StageCounts(String name, long produced, long delivered, long filtered, long lost) {
  /** A reader of the daemon's own: what was published to it, and what came too fast for it. */
  public static StageCounts of(String name, Subscription<?> reader) {
    long lost = reader.lost();
    long published = reader.published();
    return new StageCounts(name, published, published - lost, 0, lost);
  }
}
