package io.vethtrace.daemon.engine.feed;

import java.util.List;

/**
 * The losses of one client since its last report.
 *
 * @param ringLost events that the ring had no room for
 * @param clientLost items that came too fast for this client
 * @param stages the stages that lost anything, in the order in which an event passes them
 */
public record LossReport(long ringLost, long clientLost, List<StageLoss> stages) {
  /** The loss at one stage, and the times between which it happened. */
  public record StageLoss(String stage, long count, long firstUnixNs, long lastUnixNs) {}

  public LossReport {
    stages = List.copyOf(stages);
  }
}
