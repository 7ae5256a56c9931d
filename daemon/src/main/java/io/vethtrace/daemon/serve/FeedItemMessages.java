package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.feed.FeedItem;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Items as messages, made once for all clients that are told of them at about the same time. Any
 * thread; two that ask at the same moment may both make one.
 */
public final class FeedItemMessages {
  private static final int REMEMBERED = 1 << 12;

  private final Messages messages;
  private final AtomicReferenceArray<@Nullable Made> made = new AtomicReferenceArray<>(REMEMBERED);

  private record Made(FeedItem told, Object message) {}

  FeedItemMessages(Messages messages) {
    this.messages = messages;
  }

  public Journey journey(TraceItem.JourneyEnded ended) {
    if (remembered(ended) instanceof Journey known) {
      return known;
    }
    return remember(
        ended, messages.journey(ended.journey()).toBuilder().setUnixNs(ended.unixNs()).build());
  }

  public Finding finding(TraceItem.FaultFound found) {
    if (remembered(found) instanceof Finding known) {
      return known;
    }
    Finding.Builder message =
        messages.finding(found.finding()).toBuilder().setId(found.id()).setUnixNs(found.unixNs());
    return remember(found, message.build());
  }

  public Event event(FeedItem.EventSeen seen) {
    if (remembered(seen) instanceof Event known) {
      return known;
    }
    return remember(
        seen, messages.event(seen.event()).toBuilder().setUnixNs(seen.unixNs()).build());
  }

  @SuppressWarnings("ReferenceEquality") // it is this very item, and to compare two is dear
  private @Nullable Object remembered(FeedItem told) {
    Made there = made.get(slot(told));
    return there != null && there.told() == told ? there.message() : null;
  }

  private <M> M remember(FeedItem told, M message) {
    made.set(slot(told), new Made(told, message));
    return message;
  }

  private static int slot(FeedItem told) {
    return System.identityHashCode(told) & (REMEMBERED - 1);
  }
}
