package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;

/**
 * The report on the packets of one command.
 *
 * @param findings the faults that they met, the root cause first; empty if all went well
 * @param journeys the journeys of the packets in order of time
 * @param lostEvents the number of events that were lost meanwhile: the verdict may lack something
 */
public record CommandReport(List<Finding> findings, List<Journey> journeys, long lostEvents) {
  public CommandReport {
    findings = List.copyOf(findings);
    journeys = List.copyOf(journeys);
  }
}
