package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.StageCounts;
import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client that watches, and what became of what there was for it: produced = delivered +
 * filtered + lost + queued. Its call counts; any thread reads.
 */
public final class WatchClient {
  private final long id;
  private final long sinceUnixNs = WallClock.nowUnixNs();
  private final AtomicLong past = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong filtered = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile ClientQueue inbox = ClientQueue.closed();

  WatchClient(long id) {
    this.id = id;
  }

  public long id() {
    return id;
  }

  public long sinceUnixNs() {
    return sinceUnixNs;
  }

  /** What comes for it from now on. */
  public void receivesIn(ClientQueue opened) {
    inbox = opened;
  }

  /** So many items of the history are for it to look at. */
  void pasts(long count) {
    past.addAndGet(count);
  }

  /** So many items are in a message that was handed to gRPC. */
  public void delivered(long count) {
    delivered.addAndGet(count);
  }

  public void filtered(long count) {
    filtered.addAndGet(count);
  }

  public void lost(long count) {
    lost.addAndGet(count);
  }

  /** It has left, and nothing more comes for it: what it did not wait for is lost to it. */
  public void abandon() {
    inbox.close();
    StageCounts counts = counts();
    lost(counts.produced() - counts.delivered() - counts.filtered() - counts.lost());
  }

  long lost() {
    return lost.get() + inbox.lost();
  }

  public int queued() {
    return inbox.queued();
  }

  /** Downstream first: what a later stage has counted, an earlier one has too. */
  public StageCounts counts() {
    long itsDelivered = delivered.get();
    long itsFiltered = filtered.get();
    long itsLost = lost();
    long produced = past.get() + inbox.published();
    return new StageCounts("client", produced, itsDelivered, itsFiltered, itsLost);
  }
}
