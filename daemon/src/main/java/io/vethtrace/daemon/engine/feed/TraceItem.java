package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.Journey;

/** What the daemon publishes to its readers. */
public sealed interface TraceItem extends FeedItem {
  /** Counted from 1 for journeys and for findings; 0 for one that no {@link TraceStream} told. */
  long sequence();

  /** A journey came to its end. */
  record JourneyEnded(long sequence, long unixNs, Journey journey) implements TraceItem {
    /** One that no history keeps. */
    public JourneyEnded(Journey journey) {
      this(0, WallClock.nowUnixNs(), journey);
    }
  }

  /**
   * A fault was found in the live traffic.
   *
   * @param id names it to clients as long as it is in the history; empty where it never is
   */
  record FaultFound(long sequence, long unixNs, String id, Finding finding) implements TraceItem {
    /** One that no history keeps. */
    public FaultFound(Finding finding) {
      this(0, WallClock.nowUnixNs(), "", finding);
    }
  }
}
