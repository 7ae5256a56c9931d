package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counts of one client that watches: produced = delivered + filtered + lost + queued. Its call
 * counts; any thread reads.
 */
public final class WatchClient {
  private final long id;
  private final long sinceUnixNs = WallClock.nowUnixNs();
  private final AtomicLong historyItems = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong filtered = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile ClientQueue queue = ClientQueue.closed();

  WatchClient(long id) {
    this.id = id;
  }

  public long id() {
    return id;
  }

  public long sinceUnixNs() {
    return sinceUnixNs;
  }

  /** Counts what comes to this queue as produced for the client. */
  public void receivesFrom(ClientQueue opened) {
    queue = opened;
  }

  /** Counts items of the history as produced. */
  void historyItems(long count) {
    historyItems.addAndGet(count);
  }

  /** Counts items of a message that was handed to gRPC. */
  public void delivered(long count) {
    delivered.addAndGet(count);
  }

  /** Counts items that the client does not want. */
  public void filtered(long count) {
    filtered.addAndGet(count);
  }

  /** Counts items that the client cannot get any more. */
  public void lost(long count) {
    lost.addAndGet(count);
  }

  /** Ends the queue of a client that has left: what it did not wait for is lost to it. */
  public void abandon() {
    queue.close();
    PipelineStageCounts counts = counts();
    lost(counts.produced() - counts.delivered() - counts.filtered() - counts.lost());
  }

  long lost() {
    return lost.get() + queue.lost();
  }

  /** Returns how many items wait. */
  public int queued() {
    return queue.queued();
  }

  /** Returns the counts. They are read downstream first: an earlier stage has counted by then. */
  public PipelineStageCounts counts() {
    long deliveredNow = delivered.get();
    long filteredNow = filtered.get();
    long lostNow = lost();
    long produced = historyItems.get() + queue.published();
    return new PipelineStageCounts("client", produced, deliveredNow, filteredNow, lostNow);
  }
}
