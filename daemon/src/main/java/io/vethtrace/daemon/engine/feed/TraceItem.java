package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.Journey;

/** An item that the history keeps. */
public sealed interface TraceItem extends FeedItem {
  /**
   * Returns its number, counted from 1 for journeys and for findings; 0 if no {@link TraceStream}
   * published it.
   */
  long sequence();

  /** A journey that came to its end. */
  record JourneyEnded(long sequence, long unixNs, Journey journey) implements TraceItem {
    /** Makes an item that no history keeps. */
    public JourneyEnded(Journey journey) {
      this(0, WallClock.nowUnixNs(), journey);
    }
  }

  /**
   * A fault that was found in the live traffic.
   *
   * @param id the name by which clients ask for it as long as the history has it; empty if no
   *     history keeps it
   */
  record FaultFound(long sequence, long unixNs, String id, Finding finding) implements TraceItem {
    /** Makes an item that no history keeps. */
    public FaultFound(Finding finding) {
      this(0, WallClock.nowUnixNs(), "", finding);
    }
  }
}
