package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.StageCounts;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.StageLoss;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What did not reach one client, told at most once a second. For one thread. */
public final class LossReport {
  private static final String CLIENT = "client";

  /** The stage that adds up all clients: of them only this one's own loss is its loss. */
  private static final String CLIENTS = "clients";

  private static final long LOOK_AGAIN_NS = Duration.ofMillis(50).toNanos();
  private static final long TELL_AGAIN_NS = Duration.ofSeconds(1).toNanos();

  private final Tracing tracing;
  private final WatchClient client;
  private final Map<String, Stage> stages = new LinkedHashMap<>();
  private long ringTold;
  private long ring;
  private long lookedUnixNs;
  private long lookedNs;
  private long toldNs = System.nanoTime() - TELL_AGAIN_NS;

  /** What is lost from now on. */
  public LossReport(Tracing tracing, WatchClient client) {
    this.tracing = tracing;
    this.client = client;
    look();
    ringTold = ring;
    stages.values().forEach(Stage::tell);
  }

  /** Since it was last told; empty where nothing was lost, or it is too soon to tell again. */
  public Optional<Lost> due() {
    long nowNs = System.nanoTime();
    if (nowNs - lookedNs < LOOK_AGAIN_NS || nowNs - toldNs < TELL_AGAIN_NS) {
      return Optional.empty();
    }
    return rest();
  }

  /** The same, however soon. */
  public Optional<Lost> rest() {
    look();
    if (stages.values().stream().noneMatch(Stage::hasNews) && ring == ringTold) {
      return Optional.empty();
    }
    toldNs = System.nanoTime();
    return Optional.of(tell());
  }

  private void look() {
    long nowUnixNs = WallClock.nowUnixNs();
    ring = tracing.lostEvents();
    for (StageCounts counts : tracing.stages()) {
      if (!counts.name().equals(CLIENTS)) {
        look(counts.name(), counts.lost(), nowUnixNs);
      }
    }
    look(CLIENT, client.lost(), nowUnixNs);
    lookedUnixNs = nowUnixNs;
    lookedNs = System.nanoTime();
  }

  private void look(String name, long lost, long nowUnixNs) {
    stages.computeIfAbsent(name, _ -> new Stage()).look(lost, lookedUnixNs, nowUnixNs);
  }

  private Lost tell() {
    Lost.Builder lost = Lost.newBuilder().setRing(ring - ringTold);
    stages.forEach((name, stage) -> {
      if (stage.hasNews()) {
        lost.addStages(stage.message(name));
      }
      if (name.equals(CLIENT)) {
        lost.setClient(stage.news());
      }
      stage.tell();
    });
    ringTold = ring;
    return lost.build();
  }

  /** One counter, and between which looks at it what is not told yet was lost. */
  private static final class Stage {
    private long lost;
    private long told;
    private long firstUnixNs;
    private long lastUnixNs;

    void look(long lostNow, long lookedUnixNs, long nowUnixNs) {
      if (lostNow > lost) {
        firstUnixNs = hasNews() ? firstUnixNs : lookedUnixNs;
        lastUnixNs = nowUnixNs;
        lost = lostNow;
      }
    }

    boolean hasNews() {
      return news() > 0;
    }

    long news() {
      return lost - told;
    }

    void tell() {
      told = lost;
    }

    StageLoss message(String name) {
      return StageLoss.newBuilder()
          .setStage(name)
          .setCount(news())
          .setFirstUnixNs(firstUnixNs)
          .setLastUnixNs(lastUnixNs)
          .build();
    }
  }
}
