package io.vethtrace.cli.exit;

import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WhyReport;
import java.util.List;

/** What the exit codes mean; scripts rely on them. */
public final class ExitCode {
  public static final int NOTHING_WRONG = 0;
  public static final int FAULT_FOUND = 1;
  public static final int USAGE = 2;
  public static final int NOT_POSSIBLE = 3;
  public static final int EVENTS_LOST = 4;

  /** As a shell has it for a program that SIGINT ended: nothing was investigated. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}

  /**
   * A fault that was observed stays one whatever was lost besides. Everything else rests on what
   * was not seen, and loss takes that away: no finding at all, or findings that are only inferred.
   */
  public static int of(WhyReport report) {
    return of(report.getFindingsList(), report.getLostEvents() != 0);
  }

  /** Likewise; what captures could not tell counts as lost. */
  public static int of(CaptureReport report) {
    return of(report.getFindingsList(), report.getLimitsCount() > 0);
  }

  private static int of(List<Finding> findings, boolean isIncomplete) {
    boolean observed =
        findings.stream()
            .anyMatch(finding -> finding.getConfidence() == Finding.Confidence.OBSERVED);
    if (isIncomplete && !observed) {
      return EVENTS_LOST;
    }
    return findings.isEmpty() ? NOTHING_WRONG : FAULT_FOUND;
  }
}
