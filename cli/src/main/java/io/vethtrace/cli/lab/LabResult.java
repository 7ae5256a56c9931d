package io.vethtrace.cli.lab;

import io.vethtrace.cli.print.JsonObject;
import io.vethtrace.cli.print.ReportText;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WhyReport;
import java.time.Duration;
import java.util.Optional;

/**
 * What vethtrace said about one fault.
 *
 * @param named whether it said the right thing and nothing besides
 * @param afterCure what it said once the printed commands had run
 * @param beside what the line printed that ran beside, where one did
 * @param duration of the explanation and the cure
 */
public record LabResult(
    Fault fault,
    WhyReport report,
    boolean named,
    Optional<WhyReport> afterCure,
    Optional<String> beside,
    Duration duration) {
  LabResult with(String printedBeside) {
    return new LabResult(fault, report, named, afterCure, Optional.of(printedBeside), duration);
  }

  /** Whether the traffic succeeds in the end, and nothing is found wrong with it. */
  public boolean cured() {
    WhyReport last = afterCure.orElse(report);
    return last.getCommand().getExitCode() == 0
        && last.getFindingsCount() == 0
        && last.getLostEvents() == 0;
  }

  public boolean passed() {
    return named && (cured() || !fault.curable());
  }

  /** Findings that nobody expected. */
  public int falseAlarms() {
    return named ? report.getFindingsCount() - (isHealthy() ? 0 : 1) : report.getFindingsCount();
  }

  private boolean isHealthy() {
    return fault.expect().cause().isEmpty();
  }

  /** The first finding, which is the root cause. */
  public Optional<Finding> finding() {
    return report.getFindingsList().stream().findFirst();
  }

  String causeName() {
    return finding().map(finding -> finding.getCause().name()).orElse(Expectation.NONE);
  }

  /** One object; return_value, beside and report_after_cure only where there is one. */
  public String json() {
    Finding finding = finding().orElse(Finding.getDefaultInstance());
    JsonObject json =
        new JsonObject()
            .put("fault", fault.name())
            .put("expected_cause", fault.expect().causeName())
            .put("cause", causeName())
            .put("interface", finding.getInterface())
            .put("hook", finding.getHook())
            .put("confidence", finding().map(f -> f.getConfidence().name()).orElse(""))
            .put("expected_confidence", isHealthy() ? "" : fault.expect().confidence().name())
            .put("lines", finding().map(ReportText::height).orElse(0));
    if (finding.hasReturnValue()) {
      json.put("return_value", finding.getReturnValue());
    }
    beside.ifPresent(printed -> json.put("beside", printed));
    json.put("named", named)
        .put("cured", cured())
        .put("curable", fault.curable())
        .put("passed", passed())
        .put("seconds", duration.toMillis() / 1000.0)
        .put("report", report);
    afterCure.ifPresent(after -> json.put("report_after_cure", after));
    return json.toString();
  }
}
