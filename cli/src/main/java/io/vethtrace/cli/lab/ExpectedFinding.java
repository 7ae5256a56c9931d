package io.vethtrace.cli.lab;

import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Finding.Confidence;
import io.vethtrace.v1.WhyReport;
import java.util.List;
import java.util.Optional;

/**
 * The only finding that is correct for a fault. Without a cause, no finding at all is correct.
 *
 * @param netns the netns as a variable, such as $NS2
 * @param returnValues the errnos that are correct where the kernel's return value is an errno
 * @param confidence the confidence where every probe point is attached; it may be INFERRED
 *     elsewhere
 */
public record ExpectedFinding(
    Optional<Finding.Cause> cause,
    Optional<String> interfaceName,
    Optional<String> hook,
    Optional<String> netns,
    List<Integer> returnValues,
    Confidence confidence) {
  /** The name, in files and results, of the cause of a healthy twin. */
  static final String NONE = "none";

  String causeName() {
    return cause.map(Enum::name).orElse(NONE);
  }

  boolean matches(WhyReport report, FaultVariables variables) {
    return cause.isEmpty()
        ? report.getFindingsCount() == 0
        : report.getFindingsCount() == 1 && matches(report.getFindings(0), variables);
  }

  private boolean matches(Finding finding, FaultVariables variables) {
    return equalOrUnset(cause, finding.getCause())
        && equalOrUnset(interfaceName, finding.getInterface())
        && equalOrUnset(hook, finding.getHook())
        && equalOrUnset(netns.map(variables::expand), finding.getNetns())
        && matchesReturnValue(finding);
  }

  private static <T> boolean equalOrUnset(Optional<T> expected, T actual) {
    return expected.map(actual::equals).orElse(true);
  }

  /**
   * Returns true for a drop reason as well: newer kernels return one, its number differs from
   * kernel to kernel, and the finding has its name.
   */
  private boolean matchesReturnValue(Finding finding) {
    return returnValues.isEmpty()
        || !finding.hasReturnValue()
        || !finding.getDropReason().isEmpty()
        || returnValues.contains(finding.getReturnValue());
  }
}
