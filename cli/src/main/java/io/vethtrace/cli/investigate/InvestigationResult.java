package io.vethtrace.cli.investigate;

import io.vethtrace.v1.WhyReport;

/**
 * The result of an investigation.
 *
 * @param report the report of the daemon, with the command
 * @param ending the way in which the command ended
 */
public record InvestigationResult(WhyReport report, Ending ending) {
  /** The way in which the command ended. */
  public enum Ending {
    BY_ITSELF,
    TIME_OVER,
    INTERRUPTED
  }
}
