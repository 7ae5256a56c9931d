package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What every result of {@code vethtrace lab run} must hold, on any kernel. */
final class FaultAssert {
  private FaultAssert() {}

  static void assertNamed(Json result, String fault) {
    assertThat(result.text("fault")).isEqualTo(fault);
    assertThat(result.text("cause")).as(summary(result)).isEqualTo(result.text("expected_cause"));
    assertThat(result.get("passed")).as(summary(result)).isEqualTo(true);
    assertFindings(result);
  }

  /**
   * The result without the journeys; what was found, and whole what was still wrong once the cure
   * had run.
   */
  static String summary(Json result) {
    return "%s, found: %s, after the cure: %s"
        .formatted(
            result.without("report").without("report_after_cure"),
            findings(result, "report"),
            result.has("report_after_cure") ? result.object("report_after_cure") : "nothing");
  }

  private static List<String> findings(Json result, String report) {
    return result.has(report)
        ? result.object(report).objects("findings").stream()
            .map(finding -> "%s (%s)".formatted(finding.text("title"), finding.text("netns")))
            .toList()
        : List.of();
  }

  /** A finding fits on the smallest screen that terminals still have. */
  private static void assertFits(Json result) {
    assertThat(Integer.parseInt(result.text("lines")))
        .as("lines of %s", result.object("report").objects("findings"))
        .isLessThanOrEqualTo(24);
  }

  private static void assertFindings(Json result) {
    List<Json> findings = result.object("report").objects("findings");
    if (isHealthy(result)) {
      assertThat(findings).as("false alarms").isEmpty();
    } else {
      assertThat(findings).hasSize(1);
      assertFits(result);
      assertThat(findings.getFirst().objects("evidence")).as("evidence").isNotEmpty();
      if (Boolean.TRUE.equals(result.get("curable"))) {
        assertThat(findings.getFirst().objects("fixes")).as("fixes").isNotEmpty();
      }
    }
  }

  static boolean isHealthy(Json result) {
    return result.text("expected_cause").equals("none");
  }
}
