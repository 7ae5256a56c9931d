package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Prometheus's own tool takes the alert rules and tries them; what they say can be followed. */
@Tag("unit")
final class AlertRulesTest {
  static final String FILE = "dashboards/prometheus/alerts.yaml";
  private static final String TESTS = "dashboards/prometheus/alerts.test.yaml";
  private static final Pattern CAUSE = Pattern.compile("\\b[A-Z]+(?:_[A-Z]+)+\\b");

  static List<Json> alerts() {
    return Json.parse(Installation.text(FILE)).objects("groups").stream()
        .flatMap(group -> group.objects("rules").stream())
        .filter(rule -> rule.has("alert"))
        .toList();
  }

  @Test
  void promtool_takes_the_rules_and_the_configuration() {
    assertPasses("check", "rules", Installation.file(FILE));
    assertPasses("check", "config", Installation.file("dashboards/prometheus/prometheus.yaml"));
  }

  /** On series that are written down: what alerts, with which words, and what does not. */
  @Test
  void each_alert_fires_when_it_should() {
    assertPasses("test", "rules", Installation.file(TESTS));
    String tests = Installation.text(TESTS);
    assertThat(alerts()).allSatisfy(alert -> assertThat(tests).contains(alert.text("alert")));
  }

  private static void assertPasses(String... arguments) {
    Machine.assumeProgram("promtool");
    Finished run =
        Finished.of(
            Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toArray(String[]::new));
    assertThat(run.exitCode()).as(run.stdout() + run.stderr()).isZero();
    assertThat(run.stdout()).contains("SUCCESS");
  }

  @TestFactory
  Stream<DynamicTest> every_alert_points_to_the_causes() {
    return alerts().stream()
        .map(alert -> dynamicTest(alert.text("alert"), () -> assertPointsToCauses(alert)));
  }

  private static void assertPointsToCauses(Json alert) {
    Json texts = alert.object("annotations");
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
