package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.JsonLine;
import java.util.List;

/** Assertions about one result of {@code vethtrace lab run} that are true on every kernel. */
final class FaultAssertions {
  private FaultAssertions() {}

  static void assertNamed(JsonLine result, String fault) {
    assertThat(result.text("fault")).isEqualTo(fault);
    assertThat(result.text("cause")).as(summary(result)).isEqualTo(result.text("expected_cause"));
    assertThat(result.get("passed")).as(summary(result)).isEqualTo(true);
    assertFindings(result);
  }

  /**
   * Returns the result without its journeys, the titles of its findings, and the whole report after
   * the fix.
   */
  static String summary(JsonLine result) {
    return "%s, found: %s, after the cure: %s"
        .formatted(
            result.without("report").without("report_after_cure"),
            findings(result, "report"),
            result.has("report_after_cure") ? result.object("report_after_cure") : "nothing");
  }

  private static List<String> findings(JsonLine result, String report) {
    return result.has(report)
        ? result.object(report).objects("findings").stream()
            .map(finding -> "%s (%s)".formatted(finding.text("title"), finding.text("netns")))
            .toList()
        : List.of();
  }

  /** Checks that each finding fits in a terminal of 24 lines. */
  private static void assertFits(JsonLine result) {
    assertThat(Integer.parseInt(result.text("lines")))
        .as("lines of %s", result.object("report").objects("findings"))
        .isLessThanOrEqualTo(24);
  }

  private static void assertFindings(JsonLine result) {
    List<JsonLine> findings = result.object("report").objects("findings");
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

  static boolean isHealthy(JsonLine result) {
    return result.text("expected_cause").equals("none");
  }
}
