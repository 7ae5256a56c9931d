package io.vethtrace.cli.lab;

import io.vethtrace.cli.print.JsonObject;
import io.vethtrace.cli.print.ReportText;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WhyReport;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of one fault's run.
 *
 * @param report the report on the fault
 * @param named true if the report has the expected finding and no other
 * @param afterFix the report after the printed commands ran
 * @param background the output of the background command, if there was one
 * @param duration the time of the investigation and the fixes
 */
public record FaultResult(
    Fault fault,
    WhyReport report,
    boolean named,
    Optional<WhyReport> afterFix,
    Optional<String> background,
    Duration duration) {
  FaultResult withBackground(String output) {
    return new FaultResult(fault, report, named, afterFix, Optional.of(output), duration);
  }

  /** Returns true if the traffic succeeds in the end and its report has no finding. */
  public boolean cured() {
    WhyReport last = afterFix.orElse(report);
    return last.getCommand().getExitCode() == 0
        && last.getFindingsCount() == 0
        && last.getLostEvents() == 0;
  }

  public boolean passed() {
    return named && (cured() || !fault.curable());
  }

  /** Returns the number of findings that were not expected. */
  public int falseAlarms() {
    return named ? report.getFindingsCount() - (isHealthy() ? 0 : 1) : report.getFindingsCount();
  }

  private boolean isHealthy() {
    return fault.expect().cause().isEmpty();
  }

  /** Returns the first finding, which is the root cause. */
  public Optional<Finding> finding() {
    return report.getFindingsList().stream().findFirst();
  }

  String causeName() {
    return finding().map(finding -> finding.getCause().name()).orElse(ExpectedFinding.NONE);
  }

  /** Returns one object; it has return_value, beside and report_after_cure only if there is one. */
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
    background.ifPresent(output -> json.put("beside", output));
    json.put("named", named)
        .put("cured", cured())
        .put("curable", fault.curable())
        .put("passed", passed())
        .put("seconds", duration.toMillis() / 1000.0)
        .put("report", report);
    afterFix.ifPresent(after -> json.put("report_after_cure", after));
    return json.toString();
  }
}
