package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.serve.FeedItemMessages;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way back through the history for one client: from the newest item to the oldest that it
 * wants. Only places are kept, not what is there: what goes from the history before a slow client
 * comes to it has to be free.
 */
public final class HistoryCursor {
  /** Where in the history one item is, or was. */
  public record Place(History<? extends TraceItem> history, long sequence) {
    public Optional<TraceItem> item() {
      return history.entry(sequence).map(History.Entry::item);
    }
  }

  private final WatchQuery wish;
  private final FeedItemMessages messages;
  private final Deque<Place> places = new ArrayDeque<>();
  private final Way journeys;
  private final Way findings;

  public HistoryCursor(TraceStream stream, WatchQuery wish, FeedItemMessages messages) {
    this.wish = wish;
    this.messages = messages;
    journeys = new Way(stream.journeys(), wish.wantsJourneys(), wish.sinceUnixNs());
    findings = new Way(stream.findings(), wish.wantsFindings(), wish.sinceUnixNs());
  }

  /** The sequence number of the latest journey that was looked at. */
  public long lastJourney() {
    return journeys.from;
  }

  /** The sequence number of the latest finding that was looked at. */
  public long lastFinding() {
    return findings.from;
  }

  /** The places of what the client gets if it matches, the oldest first; counted for it. */
  public Deque<Place> places(WatchClient client) {
    for (Way way = newer(); way != null && places.size() < wish.last(); way = newer()) {
      client.pasts(1);
      // To count the last so many, those that match have to be known now.
      if (wish.request().getLast() == 0 || wish.matches(way.there().item(), messages)) {
        places.addFirst(new Place(way.history, way.sequence));
      } else {
        client.filtered(1);
      }
      way.back();
    }
    return places;
  }

  private @Nullable Way newer() {
    if (journeys.isOver() && findings.isOver()) {
      return null;
    }
    boolean isFinding =
        journeys.isOver()
            || (!findings.isOver() && findings.there().unixNs() >= journeys.there().unixNs());
    return isFinding ? findings : journeys;
  }

  /** Through the items of one kind. */
  private static final class Way {
    private final History<? extends TraceItem> history;
    private final long oldestUnixNs;
    private final long from;
    private long sequence;
    private History.@Nullable Entry<? extends TraceItem> entry;

    Way(History<? extends TraceItem> history, boolean isWanted, long sinceUnixNs) {
      this.history = history;
      long notOlder = WallClock.nowUnixNs() - history.bounds().age().toNanos();
      oldestUnixNs = Math.max(sinceUnixNs, notOlder);
      from = isWanted ? history.written() : 0;
      sequence = from;
      look();
    }

    private void look() {
      entry = history.entry(sequence).orElse(null);
      if (entry != null && entry.unixNs() < oldestUnixNs) {
        entry = null;
      }
    }

    boolean isOver() {
      return entry == null;
    }

    History.Entry<? extends TraceItem> there() {
      if (entry == null) {
        throw new IllegalStateException("sequence=" + sequence);
      }
      return entry;
    }

    void back() {
      sequence--;
      look();
    }
  }
}
