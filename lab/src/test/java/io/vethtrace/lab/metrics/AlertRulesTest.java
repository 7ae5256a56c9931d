package io.vethtrace.lab.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests the alert rules with promtool, and their texts. */
@Tag("unit")
final class AlertRulesTest {
  static final String FILE = "dashboards/prometheus/alerts.yaml";
  private static final String TESTS = "dashboards/prometheus/alerts.test.yaml";
  private static final Pattern CAUSE = Pattern.compile("\\b[A-Z]+(?:_[A-Z]+)+\\b");

  static List<JsonLine> alerts() {
    return JsonLine.parse(Installation.text(FILE)).objects("groups").stream()
        .flatMap(group -> group.objects("rules").stream())
        .filter(rule -> rule.has("alert"))
        .toList();
  }

  @Test
  void promtool_takes_the_rules_and_the_configuration() {
    assertPasses("check", "rules", Installation.file(FILE));
    assertPasses("check", "config", Installation.file("dashboards/prometheus/prometheus.yaml"));
  }

  /** Tests with given series which alerts fire, and their texts. */
  @Test
  void each_alert_fires_when_it_should() {
    assertPasses("test", "rules", Installation.file(TESTS));
    String tests = Installation.text(TESTS);
    assertThat(alerts()).allSatisfy(alert -> assertThat(tests).contains(alert.text("alert")));
  }

  private static void assertPasses(String... arguments) {
    MachineRequirements.assumeProgram("promtool");
    ProcessResult run =
        ProcessResult.of(
            Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toArray(String[]::new));
    assertThat(run.exitCode()).as(run.stdout() + run.stderr()).isZero();
    assertThat(run.stdout()).contains("SUCCESS");
  }

  @TestFactory
  Stream<DynamicTest> every_alert_points_to_the_causes() {
    return alerts().stream()
        .map(alert -> dynamicTest(alert.text("alert"), () -> assertPointsToCauses(alert)));
  }

  private static void assertPointsToCauses(JsonLine alert) {
    JsonLine texts = alert.object("annotations");
    assertThat(texts.text("summary")).isNotBlank();
    assertThat(texts.text("description")).contains("docs/causes.md");
    assertThat(alert.object("labels").text("severity")).isIn("info", "warning");
    String documented = Installation.text("docs/causes.md");
    assertThat(names(texts.text("description")))
        .allSatisfy(name -> assertThat(documented).contains(name));
  }

  private static Set<String> names(String text) {
    return CAUSE.matcher(text).results().map(name -> name.group()).collect(Collectors.toSet());
  }
}
