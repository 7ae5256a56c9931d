package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.capture.WallClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client that watches, and what became of what there was for it: produced = delivered +
 * filtered + lost + queued. Its call counts; any thread reads.
 */
final class WatchClient {
  private final long id;
  private final long sinceUnixNs = WallClock.nowUnixNs();
  private final AtomicLong past = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong filtered = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile Inbox inbox = Inbox.closed();

  WatchClient(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  long sinceUnixNs() {
    return sinceUnixNs;
  }

  /** What comes for it from now on. */
  void receivesIn(Inbox opened) {
    inbox = opened;
  }

  /** So many items of the history are for it to look at. */
  void pasts(long count) {
    past.addAndGet(count);
  }

  /** So many items are in a message that was handed to gRPC. */
  void delivered(long count) {
    delivered.addAndGet(count);
  }

  void filtered(long count) {
    filtered.addAndGet(count);
  }

  void lost(long count) {
    lost.addAndGet(count);
  }

  /** It has left, and nothing more comes for it: what it did not wait for is lost to it. */
  void abandon() {
    inbox.close();
    StageCounts counts = counts();
    lost(counts.produced() - counts.delivered() - counts.filtered() - counts.lost());
  }

  long lost() {
    return lost.get() + inbox.lost();
  }

  int queued() {
    return inbox.queued();
  }

  /** Downstream first: what a later stage has counted, an earlier one has too. */
  StageCounts counts() {
    long itsDelivered = delivered.get();
    long itsFiltered = filtered.get();
    long itsLost = lost();
    long produced = past.get() + inbox.published();
    return new StageCounts("client", produced, itsDelivered, itsFiltered, itsLost);
  }
}
