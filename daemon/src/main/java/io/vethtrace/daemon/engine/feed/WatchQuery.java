package io.vethtrace.daemon.engine.feed;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The items that one client wants.
 *
 * @param frames the packet filter, as far as the kernel has not applied it already
 * @param fields the conditions on the fields of an item
 * @param sinceUnixNs no item of the history is older; Long.MIN_VALUE for no bound
 * @param untilUnixNs the watch ends at that time; Long.MAX_VALUE for no end
 * @param first the watch ends after so many items; Long.MAX_VALUE for no end
 * @param past the part of the history that the client wants before new items
 * @param wantsNew false if the watch ends where the history does
 */
public record WatchQuery(
    Set<ItemKind> kinds,
    Optional<JourneyFilter> frames,
    Predicate<FeedItem> fields,
    long sinceUnixNs,
    long untilUnixNs,
    long first,
    Past past,
    boolean wantsNew) {

  /** A part of the history. */
  public sealed interface Past {
    /** Nothing of it. */
    record None() implements Past {}

    /** All of it since {@link WatchQuery#sinceUnixNs}. */
    record All() implements Past {}

    /** The latest {@code count} items that match, since {@link WatchQuery#sinceUnixNs}. */
    record Latest(long count) implements Past {}
  }

  public WatchQuery {
    kinds = Set.copyOf(kinds);
  }

  boolean wants(ItemKind kind) {
    return kinds.contains(kind);
  }

  boolean wantsTraceItems() {
    return wants(ItemKind.JOURNEY) || wants(ItemKind.FINDING);
  }

  Class<? extends TraceItem> traceItemType() {
    if (wants(ItemKind.JOURNEY) && wants(ItemKind.FINDING)) {
      return TraceItem.class;
    }
    return wants(ItemKind.JOURNEY) ? TraceItem.JourneyEnded.class : TraceItem.FaultFound.class;
  }

  /** Returns true if the item passes the packet filter and the conditions on its fields. */
  public boolean matches(FeedItem item) {
    return passesFilter(item) && fields.test(item);
  }

  private boolean passesFilter(FeedItem item) {
    if (frames.isEmpty()) {
      return true;
    }
    return switch (item) {
      case TraceItem.JourneyEnded ended -> frames.get().matches(ended.journey());
      case TraceItem.FaultFound found -> frames.get().matches(found.finding().proof());
      case FeedItem.EventSeen seen -> frames.get().matches(seen.event());
    };
  }
}
