package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.trace.Event;

/** What clients may ask to be told. */
public sealed interface FeedItem permits FeedItem.EventSeen, TraceItem {
  /** When it was told, by CLOCK_REALTIME. */
  long unixNs();

  /** A sight was read from the ring; what no client asks for is not made. */
  record EventSeen(long unixNs, Event event) implements FeedItem {}
}
