package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.trace.Event;

/** An item that a client can watch. */
public sealed interface FeedItem permits FeedItem.EventSeen, TraceItem {
  /** Returns the time at which it was published, by CLOCK_REALTIME. */
  long unixNs();

  /** An event that was read from the ring. It is made only if a client watches events. */
  record EventSeen(long unixNs, Event event) implements FeedItem {}
}
