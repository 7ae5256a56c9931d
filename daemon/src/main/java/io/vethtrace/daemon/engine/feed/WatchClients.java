package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.PipelineStageCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The clients that watch, and the sum of the counts of those that have left. Any thread. */
public final class WatchClients {
  /** The name of the stage that adds up all clients. */
  static final String STAGE = "clients";

  /** Each may keep some MiB of the daemon's memory waiting. */
  public static final int MAX = 24;

  private final SequencedMap<Long, WatchClient> present = new LinkedHashMap<>();
  private long nextId = 1;
  private PipelineStageCounts departed = new PipelineStageCounts(STAGE, 0, 0, 0, 0);

  /** Admits a new client; empty if there are {@link #MAX} already. */
  public synchronized Optional<WatchClient> admit() {
    if (present.size() >= MAX) {
      return Optional.empty();
    }
    WatchClient client = new WatchClient(nextId++);
    present.put(client.id(), client);
    return Optional.of(client);
  }

  /** Removes a client for which nothing more comes; its counts stay in the sum. */
  public synchronized void leave(WatchClient client) {
    if (present.remove(client.id()) != null) {
      departed = sum(departed, client.counts());
    }
  }

  /** Returns the clients that are there now, in the order in which they came. */
  public synchronized List<WatchClient> present() {
    return List.copyOf(present.values());
  }

  /**
   * Returns the sum over all clients so far: produced = delivered + filtered + lost, and what waits
   * in queues.
   */
  public synchronized PipelineStageCounts stage() {
    PipelineStageCounts all = departed;
    for (WatchClient client : present.values()) {
      all = sum(all, client.counts());
    }
    return all;
  }

  private static PipelineStageCounts sum(PipelineStageCounts all, PipelineStageCounts one) {
    return new PipelineStageCounts(
        all.name(),
        all.produced() + one.produced(),
        all.delivered() + one.delivered(),
        all.filtered() + one.filtered(),
        all.lost() + one.lost());
  }
}
