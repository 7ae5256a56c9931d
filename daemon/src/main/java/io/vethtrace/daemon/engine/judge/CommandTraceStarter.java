package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.feed.FeedProgress;
import io.vethtrace.daemon.engine.feed.FeedPublisher;
import io.vethtrace.daemon.engine.feed.TraceItem;

/** Starts traces of single commands. Safe on any thread. */
public record CommandTraceStarter(
    FeedPublisher<TraceItem> feed,
    FeedProgress progress,
    LossCounters losses,
    SnapshotSource snapshots) {
  /** Starts a trace, which collects from now on until it is closed. */
  public CommandTrace start() {
    return new CommandTrace(feed, progress, losses, snapshots);
  }
}
