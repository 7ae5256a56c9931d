package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of one client back through the history, from the newest item to the oldest that it wants.
 * It keeps positions and no items: what leaves the history before a slow client comes to it must be
 * free.
 */
public final class HistoryCursor {
  /** The position of one item, which may have left the history. */
  public record Position(History<? extends TraceItem> history, long sequence) {
    public Optional<TraceItem> item() {
      return history.entry(sequence).map(History.Entry::item);
    }
  }

  private final WatchQuery query;
  private final Deque<Position> positions = new ArrayDeque<>();
  private final Walk journeys;
  private final Walk findings;

  /** Starts at the newest items that are there now. */
  public HistoryCursor(TraceStream stream, WatchQuery query) {
    this.query = query;
    journeys = new Walk(stream.journeys(), query.wants(ItemKind.JOURNEY), query.sinceUnixNs());
    findings = new Walk(stream.findings(), query.wants(ItemKind.FINDING), query.sinceUnixNs());
  }

  /** Returns the sequence number of the latest journey that the cursor covers. */
  public long lastJourney() {
    return journeys.from;
  }

  /** Returns the sequence number of the latest finding that the cursor covers. */
  public long lastFinding() {
    return findings.from;
  }

  /**
   * Returns the positions of what the client may get, the oldest first. To take the latest so many,
   * those that match have to be known now; otherwise they are matched as they are sent. Each item
   * counts as produced for the client, and as filtered where it does not match.
   */
  public Deque<Position> positions(WatchClient client) {
    boolean isLimited = query.past() instanceof WatchQuery.Past.Latest;
    long limit =
        query.past() instanceof WatchQuery.Past.Latest(long count) ? count : Long.MAX_VALUE;
    for (Walk walk = newer(); walk != null && positions.size() < limit; walk = newer()) {
      client.historyItems(1);
      if (!isLimited || query.matches(walk.current().item())) {
        positions.addFirst(new Position(walk.history, walk.sequence));
      } else {
        client.filtered(1);
      }
      walk.back();
    }
    return positions;
  }

  private @Nullable Walk newer() {
    if (journeys.isOver() && findings.isOver()) {
      return null;
    }
    boolean isFinding =
        journeys.isOver()
            || (!findings.isOver() && findings.current().unixNs() >= journeys.current().unixNs());
    return isFinding ? findings : journeys;
  }

  /** A walk back through the items of one kind. */
  private static final class Walk {
    private final History<? extends TraceItem> history;
    private final long oldestUnixNs;
    private final long from;
    private long sequence;
    private History.@Nullable Entry<? extends TraceItem> entry;

    Walk(History<? extends TraceItem> history, boolean isWanted, long sinceUnixNs) {
      this.history = history;
      long notOlder = WallClock.nowUnixNs() - history.bounds().age().toNanos();
      oldestUnixNs = Math.max(sinceUnixNs, notOlder);
      from = isWanted ? history.written() : 0;
      sequence = from;
      read();
    }

    private void read() {
      entry = history.entry(sequence).orElse(null);
      if (entry != null && entry.unixNs() < oldestUnixNs) {
        entry = null;
      }
    }

    boolean isOver() {
      return entry == null;
    }

    History.Entry<? extends TraceItem> current() {
      if (entry == null) {
        throw new IllegalStateException("sequence=" + sequence);
      }
      return entry;
    }

    void back() {
      sequence--;
      read();
    }
  }
}
