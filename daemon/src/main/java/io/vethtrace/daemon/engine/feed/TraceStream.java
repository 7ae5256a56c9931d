package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;

/**
 * The feed and the history together. An item is in the history before it is in the feed, so that a
 * reader that first subscribes and then reads the history misses nothing, and can leave out by
 * {@link TraceItem#sequence} what it gets twice.
 */
public final class TraceStream implements AutoCloseable {
  private static final int ID_RADIX = 36;
  private static final long ID_MIN = 36 * 36 * 36 * 36;

  private final FeedPublisher<TraceItem> feed = new FeedPublisher<>();
  private final FeedPublisher<FeedItem.EventSeen> events = new FeedPublisher<>();
  private final History<TraceItem.JourneyEnded> journeys;
  private final History<TraceItem.FaultFound> findings;

  /** Distinguishes this daemon's findings from those of one before it: a user may keep an id. */
  private final String idPrefix =
      Long.toString(ThreadLocalRandom.current().nextLong(ID_MIN, ID_MIN * ID_RADIX), ID_RADIX);

  public TraceStream(HistoryLimits limits) {
    journeys = new History<>(limits.journeys(), item -> ItemMemoryEstimate.ofBytes(item.journey()));
    findings = new History<>(limits.findings(), item -> ItemMemoryEstimate.ofBytes(item.finding()));
  }

  /** Returns the feed of new journeys and findings. */
  public FeedPublisher<TraceItem> feed() {
    return feed;
  }

  FeedPublisher<FeedItem.EventSeen> events() {
    return events;
  }

  public History<TraceItem.JourneyEnded> journeys() {
    return journeys;
  }

  public History<TraceItem.FaultFound> findings() {
    return findings;
  }

  /** Publishes an event if anybody takes events. No history keeps it. */
  public void publish(Event event) {
    if (events.isWanted(FeedItem.EventSeen.class)) {
      events.publish(new FeedItem.EventSeen(WallClock.nowUnixNs(), event));
    }
  }

  /** Publishes a journey. For one thread. */
  public void publish(Journey journey) {
    long nowUnixNs = WallClock.nowUnixNs();
    publish(
        feed,
        journeys,
        nowUnixNs,
        sequence -> new TraceItem.JourneyEnded(sequence, nowUnixNs, journey));
  }

  /** Publishes a finding. For one thread, which may be another one. */
  public void publish(Finding finding) {
    long nowUnixNs = WallClock.nowUnixNs();
    publish(
        feed,
        findings,
        nowUnixNs,
        sequence -> new TraceItem.FaultFound(sequence, nowUnixNs, id(sequence), finding));
  }

  /** Makes an item and writes it to the history, and only then hands it to the readers. */
  static <I, T extends I> void publish(
      FeedPublisher<I> feed, History<T> history, long nowUnixNs, LongFunction<T> maker) {
    feed.publish(history.add(nowUnixNs, maker));
  }

  private String id(long sequence) {
    return findings.bounds().keepsAny() ? idPrefix + "-" + sequence : "";
  }

  /** Returns true if anybody would see a finding, now or later. */
  public boolean wantsFindings() {
    return findings.bounds().keepsAny() || feed.isWanted(TraceItem.FaultFound.class);
  }

  /** Returns the finding with this id; empty if the history does not have it any more. */
  public Optional<TraceItem.FaultFound> finding(String id) {
    return findings.read(WallClock.nowUnixNs()).stream()
        .map(History.Entry::item)
        .filter(found -> found.id().equals(id))
        .findFirst();
  }

  /** Ends every subscription; readers see the end after what they already have. */
  @Override
  public void close() {
    feed.close();
    events.close();
  }
}
