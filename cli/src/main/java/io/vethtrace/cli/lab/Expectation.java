package io.vethtrace.cli.lab;

import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Finding.Confidence;
import io.vethtrace.v1.WhyReport;
import java.util.List;
import java.util.Optional;

/**
 * The one finding that is right; without a cause it is none at all.
 *
 * @param netns in terms of $NS
 * @param returnValues any of these, where the kernel's result was seen and is an errno
 * @param confidence where every probe point can be watched; elsewhere it may be INFERRED
 */
public record Expectation(
    Optional<Finding.Cause> cause,
    Optional<String> interfaceName,
    Optional<String> hook,
    Optional<String> netns,
    List<Integer> returnValues,
    Confidence confidence) {
  /** As files and results spell that nothing is wrong. */
  static final String NONE = "none";

  String causeName() {
    return cause.map(Enum::name).orElse(NONE);
  }

  boolean isMetBy(WhyReport report, LabNames names) {
    return cause.isEmpty()
        ? report.getFindingsCount() == 0
        : report.getFindingsCount() == 1 && matches(report.getFindings(0), names);
  }

  private boolean matches(Finding finding, LabNames names) {
    return isOrUnset(cause, finding.getCause())
        && isOrUnset(interfaceName, finding.getInterface())
        && isOrUnset(hook, finding.getHook())
        && isOrUnset(netns.map(names::fill), finding.getNetns())
        && matchesReturnValue(finding);
  }

  private static <T> boolean isOrUnset(Optional<T> expected, T actual) {
    return expected.map(actual::equals).orElse(true);
  }

  /** Newer kernels return a drop reason, whose number moves; its name is then in the finding. */
  private boolean matchesReturnValue(Finding finding) {
    return returnValues.isEmpty()
        || !finding.hasReturnValue()
        || !finding.getDropReason().isEmpty()
        || returnValues.contains(finding.getReturnValue());
  }
}
