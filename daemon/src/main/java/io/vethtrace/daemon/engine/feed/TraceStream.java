package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All that is told: handed to who listens now, and kept for who asks later. What is in the history
 * was written there before it was handed on, so that a reader who first listens, and then reads the
 * history, misses nothing and can leave out by {@link TraceItem#sequence} what it gets twice.
 */
public final class TraceStream implements AutoCloseable {
  private static final int ID_RADIX = 36;
  private static final long ID_MIN = 36 * 36 * 36 * 36;

  private final Feed<TraceItem> feed = new Feed<>();
  private final Feed<FeedItem.EventSeen> events = new Feed<>();
  private final WatchClients clients = new WatchClients();
  private final History<TraceItem.JourneyEnded> journeys;
  private final History<TraceItem.FaultFound> findings;

  /**
   * Tells this daemon's findings from those of one before it, whose ids somebody may still have.
   */
  private final String idPrefix =
      Long.toString(ThreadLocalRandom.current().nextLong(ID_MIN, ID_MIN * ID_RADIX), ID_RADIX);

  public TraceStream(HistoryLimits size) {
    journeys = new History<>(size.journeys(), item -> MemoryEstimate.ofBytes(item.journey()));
    findings = new History<>(size.findings(), item -> MemoryEstimate.ofBytes(item.finding()));
  }

  /** Journeys and findings as they are told. */
  public Feed<TraceItem> feed() {
    return feed;
  }

  Feed<FeedItem.EventSeen> events() {
    return events;
  }

  /** Who watches. */
  public WatchClients clients() {
    return clients;
  }

  public History<TraceItem.JourneyEnded> journeys() {
    return journeys;
  }

  public History<TraceItem.FaultFound> findings() {
    return findings;
  }

  /** Tells of an event, if anybody wants to know. */
  public void seen(Event event) {
    if (events.subscribers() > 0) {
      events.publish(new FeedItem.EventSeen(WallClock.nowUnixNs(), event));
    }
  }

  /** Tells of a journey. For one thread. */
  public void ended(Journey journey) {
    long nowUnixNs = WallClock.nowUnixNs();
    feed.publish(
        journeys.add(
            nowUnixNs, sequence -> new TraceItem.JourneyEnded(sequence, nowUnixNs, journey)));
  }

  /** Tells of a finding. For one thread, which may be another one. */
  public void found(Finding finding) {
    long nowUnixNs = WallClock.nowUnixNs();
    feed.publish(
        findings.add(
            nowUnixNs,
            sequence -> new TraceItem.FaultFound(sequence, nowUnixNs, id(sequence), finding)));
  }

  private String id(long sequence) {
    return findings.bounds().keepsAny() ? idPrefix + "-" + sequence : "";
  }

  /** Whether a finding would be told to anybody, now or later. */
  public boolean wantsFindings() {
    return findings.bounds().keepsAny() || feed.isWanted(TraceItem.FaultFound.class);
  }

  /** The finding that has this id; empty where no history has it any more. */
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
