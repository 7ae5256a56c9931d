package io.vethtrace.cli.exit;

import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WhyReport;
import java.util.List;

/** The exit codes. Scripts rely on them. */
public final class ExitCode {
  public static final int NOTHING_WRONG = 0;
  public static final int FAULT_FOUND = 1;
  public static final int USAGE = 2;
  public static final int NOT_POSSIBLE = 3;

  /** Events were lost, so the verdict may be incomplete. */
  public static final int EVENTS_LOST = 4;

  /** The code that a shell gives a program that SIGINT ended. Nothing was investigated. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}

  /**
   * Returns the code of a report. An observed fault is one even if events were lost. An inferred
   * fault, and the verdict that nothing is wrong, rest on what was not seen; with lost events they
   * are uncertain.
   */
  public static int of(WhyReport report) {
    return of(report.getFindingsList(), report.getLostEvents() != 0);
  }

  /** Returns the code of a report on captures. Each of its limits counts as lost events. */
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
