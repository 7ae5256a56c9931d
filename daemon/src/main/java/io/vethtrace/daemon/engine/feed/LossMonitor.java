package io.vethtrace.daemon.engine.feed;

import static io.vethtrace.daemon.engine.EngineTimings.LOSS_POLL_NS;
import static io.vethtrace.daemon.engine.EngineTimings.REPORT_NS;

import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Watches what does not reach one client, and reports it at most once a second. For one thread. */
public final class LossMonitor {
  private static final String CLIENT = "client";

  private final LossCounters counters;
  private final WatchClient client;
  private final Map<String, Stage> stages = new LinkedHashMap<>();
  private long ringLost;
  private long ringReported;
  private long polledUnixNs;
  private long polledNs;
  private long reportedNs = System.nanoTime() - REPORT_NS;

  /** Begins now: what was lost before is not reported. */
  public LossMonitor(LossCounters counters, WatchClient client) {
    this.counters = counters;
    this.client = client;
    poll();
    ringReported = ringLost;
    stages.values().forEach(Stage::markReported);
  }

  /** Returns the losses since the last report; empty if there are none or a report is not due. */
  public Optional<LossReport> due() {
    long nowNs = System.nanoTime();
    if (nowNs - polledNs < LOSS_POLL_NS || nowNs - reportedNs < REPORT_NS) {
      return Optional.empty();
    }
    return rest();
  }

  /** Returns the losses since the last report, due or not; empty if there are none. */
  public Optional<LossReport> rest() {
    poll();
    if (stages.values().stream().noneMatch(Stage::hasLoss) && ringLost == ringReported) {
      return Optional.empty();
    }
    reportedNs = System.nanoTime();
    return Optional.of(report());
  }

  private void poll() {
    long nowUnixNs = WallClock.nowUnixNs();
    ringLost = counters.lostEvents();
    for (PipelineStageCounts counts : counters.stages()) {
      // That stage adds up all clients, and of them only this one's loss is its own.
      if (!counts.name().equals(WatchClients.STAGE)) {
        poll(counts.name(), counts.lost(), nowUnixNs);
      }
    }
    poll(CLIENT, client.lost(), nowUnixNs);
    polledUnixNs = nowUnixNs;
    polledNs = System.nanoTime();
  }

  private void poll(String name, long lost, long nowUnixNs) {
    stages.computeIfAbsent(name, _ -> new Stage()).poll(lost, polledUnixNs, nowUnixNs);
  }

  private LossReport report() {
    List<LossReport.StageLoss> losses = new ArrayList<>();
    long clientLost = 0;
    for (Map.Entry<String, Stage> entry : stages.entrySet()) {
      Stage stage = entry.getValue();
      if (stage.hasLoss()) {
        losses.add(stage.loss(entry.getKey()));
      }
      clientLost = entry.getKey().equals(CLIENT) ? stage.unreported() : clientLost;
      stage.markReported();
    }
    LossReport report = new LossReport(ringLost - ringReported, clientLost, losses);
    ringReported = ringLost;
    return report;
  }

  /** One counter, and the polls between which it rose since the last report. */
  private static final class Stage {
    private long lost;
    private long reported;
    private long firstUnixNs;
    private long lastUnixNs;

    void poll(long lostNow, long polledUnixNs, long nowUnixNs) {
      if (lostNow > lost) {
        firstUnixNs = hasLoss() ? firstUnixNs : polledUnixNs;
        lastUnixNs = nowUnixNs;
        lost = lostNow;
      }
    }

    boolean hasLoss() {
      return unreported() > 0;
    }

    long unreported() {
      return lost - reported;
    }

    void markReported() {
      reported = lost;
    }

    LossReport.StageLoss loss(String name) {
      return new LossReport.StageLoss(name, unreported(), firstUnixNs, lastUnixNs);
    }
  }
}
