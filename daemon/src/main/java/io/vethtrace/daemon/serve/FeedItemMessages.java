package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of items, once for all clients that get them at about the same time. Any thread;
 * two that need one at the same moment may both make it.
 */
final class FeedItemMessages {
  private static final int REMEMBERED = 1 << 12;

  private final Messages messages;
  private final AtomicReferenceArray<@Nullable Made> made = new AtomicReferenceArray<>(REMEMBERED);

  private record Made(FeedItem item, Object message) {}

  FeedItemMessages(Messages messages) {
    this.messages = messages;
  }

  Journey journey(TraceItem.JourneyEnded ended) {
    if (remembered(ended) instanceof Journey known) {
      return known;
    }
    return remember(
        ended, messages.journey(ended.journey()).toBuilder().setUnixNs(ended.unixNs()).build());
  }

  Finding finding(TraceItem.FaultFound found) {
    if (remembered(found) instanceof Finding known) {
      return known;
    }
    Finding.Builder message =
        messages.finding(found.finding()).toBuilder().setId(found.id()).setUnixNs(found.unixNs());
    return remember(found, message.build());
  }

  Event event(FeedItem.EventSeen seen) {
    if (remembered(seen) instanceof Event known) {
      return known;
    }
    return remember(
        seen, messages.event(seen.event()).toBuilder().setUnixNs(seen.unixNs()).build());
  }

  @SuppressWarnings("ReferenceEquality") // an item is itself, and to compare two is dear
  private @Nullable Object remembered(FeedItem item) {
    Made known = made.get(slot(item));
    return known != null && known.item() == item ? known.message() : null;
  }

  private <M> M remember(FeedItem item, M message) {
    made.set(slot(item), new Made(item, message));
    return message;
  }

  private static int slot(FeedItem item) {
    return System.identityHashCode(item) & (REMEMBERED - 1);
  }
}
