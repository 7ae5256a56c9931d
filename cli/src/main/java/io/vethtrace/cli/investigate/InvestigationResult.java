package io.vethtrace.cli.investigate;

import io.vethtrace.v1.WhyReport;

/** The daemon's report, completed with the command, and how the command came to its end. */
public record InvestigationResult(WhyReport report, Ending ending) {
  /** Why the command ran no longer. */
  public enum Ending {
    BY_ITSELF,
    TIMEOUT,
    INTERRUPTED
  }
}
