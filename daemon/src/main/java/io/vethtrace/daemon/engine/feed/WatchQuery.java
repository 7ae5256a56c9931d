package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.serve.FeedItemMessages;
import io.vethtrace.select.WatchRequestFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import java.util.Optional;

/**
 * What one client asked for, read.
 *
 * @param filter what the kernel has not asked yet
 */
public record WatchQuery(
    WatchRequest request, WatchRequestFilter selection, Optional<JourneyFilter> filter) {

  /** What came of a request. */
  public sealed interface Reading {
    record Read(WatchQuery wish) implements Reading {}

    /** {@code sentence} says what of it cannot be read. */
    record Refused(String sentence) implements Reading {}
  }

  public static Reading read(WatchRequest request, TraceFilter kernels) {
    try {
      WatchRequestFilter selection = WatchRequestFilter.of(request);
      return switch (JourneyFilter.read(request.getFilter(), kernels)) {
        case JourneyFilter.Reading.Read(Optional<JourneyFilter> filter) ->
            new Reading.Read(new WatchQuery(request, selection, filter));
        case JourneyFilter.Reading.Refused(String sentence) -> new Reading.Refused(sentence);
      };
    } catch (IllegalArgumentException e) {
      return new Reading.Refused(String.valueOf(e.getMessage()));
    }
  }

  boolean wantsEvents() {
    return selection.wants(Kind.EVENT);
  }

  boolean wantsJourneys() {
    return selection.wants(Kind.JOURNEY);
  }

  boolean wantsFindings() {
    return selection.wants(Kind.FINDING);
  }

  boolean wantsItems() {
    return wantsJourneys() || wantsFindings();
  }

  Class<? extends TraceItem> itemKind() {
    if (wantsJourneys() && wantsFindings()) {
      return TraceItem.class;
    }
    return wantsJourneys() ? TraceItem.JourneyEnded.class : TraceItem.FaultFound.class;
  }

  /** Whether it asks for something of the history. */
  public boolean wantsPast() {
    return request.hasSinceUnixNs() || request.getLast() != 0 || request.getHistoryOnly();
  }

  long sinceUnixNs() {
    return request.hasSinceUnixNs() ? request.getSinceUnixNs() : Long.MIN_VALUE;
  }

  public long untilUnixNs() {
    return request.hasUntilUnixNs() ? request.getUntilUnixNs() : Long.MAX_VALUE;
  }

  /** How many of the history at most; what is no number of items is no limit. */
  long last() {
    return request.getLast() > 0 ? request.getLast() : Long.MAX_VALUE;
  }

  public long first() {
    return request.getFirst() > 0 ? request.getFirst() : Long.MAX_VALUE;
  }

  public boolean matches(FeedItem told, FeedItemMessages messages) {
    return switch (told) {
      case TraceItem.JourneyEnded ended ->
          (filter.isEmpty() || filter.get().matches(ended.journey()))
              && selection.accepts(messages.journey(ended));
      case TraceItem.FaultFound found ->
          (filter.isEmpty() || filter.get().matches(found.finding().proof()))
              && selection.accepts(messages.finding(found));
      case FeedItem.EventSeen seen ->
          (filter.isEmpty() || filter.get().matches(seen.event()))
              && selection.accepts(messages.event(seen));
    };
  }
}
