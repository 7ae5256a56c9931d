package io.vethtrace.daemon.engine.feed;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vethtrace.daemon.engine.StageCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The clients that watch, and what became of what those had coming that have left. */
public final class WatchClients {
  /** Each may keep some MiB of the daemon's memory waiting. */
  public static final int MAX = 24;

  private final SequencedMap<Long, WatchClient> present = new LinkedHashMap<>();
  private long nextId = 1;
  private StageCounts gone = new StageCounts("clients", 0, 0, 0, 0);

  WatchClients() {}

  /** A new client; empty where there are as many as the daemon has room for. */
  public synchronized Optional<WatchClient> admit() {
    if (present.size() >= MAX) {
      return Optional.empty();
    }
    WatchClient client = new WatchClient(nextId++);
    present.put(client.id(), client);
    return Optional.of(client);
  }

  /** What one more is told. */
  public static StatusRuntimeException full() {
    return Status.RESOURCE_EXHAUSTED
        .withDescription(
            "%d clients watch already, as many as there is room for; end one of them"
                .formatted(MAX))
        .asRuntimeException();
  }

  /** Once nothing more comes for it. */
  public synchronized void leave(WatchClient client) {
    if (present.remove(client.id()) != null) {
      gone = sum(gone, client.counts());
    }
  }

  public synchronized List<WatchClient> present() {
    return List.copyOf(present.values());
  }

  /** Over all clients so far: produced = delivered + filtered + lost, and what waits in queues. */
  public synchronized StageCounts stage() {
    StageCounts all = gone;
    for (WatchClient client : present.values()) {
      all = sum(all, client.counts());
    }
    return all;
  }

  private static StageCounts sum(StageCounts all, StageCounts one) {
    return new StageCounts(
        all.name(),
        all.produced() + one.produced(),
        all.delivered() + one.delivered(),
        all.filtered() + one.filtered(),
        all.lost() + one.lost());
  }
}
