package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.ItemKind;
import io.vethtrace.daemon.engine.feed.JourneyFilter;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.WatchQuery;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.select.WatchRequestFilter;
import io.vethtrace.v1.WatchRequest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the requests of clients that watch. Safe on any thread. */
record WatchRequestReader(TraceFilter kernelFilter, FeedItemMessages messages) {
  /** The result of reading a request. */
  sealed interface Reading {
    record Read(WatchQuery query) implements Reading {}

    /** A request that makes no sense; the sentence says why. */
    record Refused(String sentence) implements Reading {}
  }

  Reading read(WatchRequest request) {
    try {
      WatchRequestFilter fields = WatchRequestFilter.of(request);
      return switch (JourneyFilter.read(request.getFilter(), kernelFilter)) {
        case JourneyFilter.Reading.Read(Optional<JourneyFilter> frames) ->
            new Reading.Read(query(request, frames, fields));
        case JourneyFilter.Reading.Refused(String sentence) -> new Reading.Refused(sentence);
      };
    } catch (IllegalArgumentException e) {
      return new Reading.Refused(String.valueOf(e.getMessage()));
    }
  }

  private WatchQuery query(
      WatchRequest request, Optional<JourneyFilter> frames, WatchRequestFilter fields) {
    return new WatchQuery(
        kinds(fields),
        frames,
        accepting(fields),
        request.hasSinceUnixNs() ? request.getSinceUnixNs() : Long.MIN_VALUE,
        request.hasUntilUnixNs() ? request.getUntilUnixNs() : Long.MAX_VALUE,
        request.getFirst() == 0 ? Long.MAX_VALUE : items(request.getFirst()),
        past(request),
        !request.getHistoryOnly());
  }

  private static Set<ItemKind> kinds(WatchRequestFilter fields) {
    Set<ItemKind> kinds = EnumSet.noneOf(ItemKind.class);
    for (ItemKind kind : ItemKind.values()) {
      if (fields.wants(WatchRequest.Kind.valueOf(kind.name()))) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /** The conditions are on the fields of messages, which are made once for all clients. */
  private Predicate<FeedItem> accepting(WatchRequestFilter fields) {
    return item ->
        switch (item) {
          case TraceItem.JourneyEnded ended -> fields.accepts(messages.journey(ended));
          case TraceItem.FaultFound found -> fields.accepts(messages.finding(found));
          case FeedItem.EventSeen seen -> fields.accepts(messages.event(seen));
        };
  }

  private static WatchQuery.Past past(WatchRequest request) {
    if (request.getLast() != 0) {
      return new WatchQuery.Past.Latest(items(request.getLast()));
    }
    return request.hasSinceUnixNs() || request.getHistoryOnly()
        ? new WatchQuery.Past.All()
        : new WatchQuery.Past.None();
  }

  /** Returns an unsigned count; one beyond Long.MAX_VALUE is no limit. */
  private static long items(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }
}
