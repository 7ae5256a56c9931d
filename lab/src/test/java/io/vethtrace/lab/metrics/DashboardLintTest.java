package io.vethtrace.lab.metrics;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the dashboards follow the rules of Grafana's linter and some more. */
@Tag("unit")
final class DashboardLintTest {
  private static final String SAMPLE = "overview.json";

  /** An edit of {@link #SAMPLE} for each rule that breaks the rule. */
  private static final Map<String, Edit> BREAKS =
      Map.ofEntries(
          entry("template-datasource-rule", new Edit("\"Data source\"", "\"Source\"")),
          entry("template-job-rule", new Edit("\"Job\"", "\"Task\"")),
          entry("template-instance-rule", new Edit("\"name\": \"instance\"", "\"name\": \"host\"")),
          entry("template-label-promql-rule", new Edit("label_values(", "values(")),
          entry(
              "template-on-time-change-reload-rule", new Edit("\"refresh\": 2", "\"refresh\": 0")),
          entry("panel-datasource-rule", new Edit("\"uid\": \"$datasource\"", "\"uid\": \"one\"")),
          entry(
              "panel-title-description-rule",
              new Edit("\"title\": \"Dropped now\"", "\"title\": \"\"")),
          entry("panel-units-rule", new Edit("\"unit\": \"locale\"", "\"unit\": \"packets\"")),
          entry("panel-no-targets-rule", new Edit("\"targets\"", "\"questions\"")),
          entry("target-rate-interval-rule", new Edit("[$__rate_interval]", "[5m]")),
          entry("target-job-rule", new Edit("job=~\\\"$job\\\", ", "")),
          entry("target-instance-rule", new Edit("instance=~", "instance=")),
          entry(
              "target-counter-agg-rule",
              new Edit("increase(vethtrace_drops", "delta(vethtrace_drops")),
          entry("uneditable-dashboard", new Edit("\"editable\": false", "\"editable\": true")),
          entry("our-metrics", new Edit("count(vethtrace_build_info", "count(build_info")),
          entry("windows-overlap", new Edit(":$__interval]", ":$__rate_interval]")),
          entry("links-lead-somewhere", new Edit("/d/vethtrace-drops", "/d/nowhere")),
          entry("panels-apart", new Edit("\"w\": 4", "\"w\": 5")),
          entry("variables-exist", new Edit("$netns", "$namespace")),
          entry("causes-exist", new Edit("NO_SOCKET", "NO_SUCH_CAUSE")));

  @TempDir private Path folder;

  private record Edit(String from, String to) {}

  @TestFactory
  Stream<DynamicTest> every_dashboard_keeps_every_rule() {
    return Dashboard.all().stream()
        .flatMap(board ->
            DashboardRule.ALL.stream()
                .map(rule ->
                    dynamicTest(
                        "%s keeps %s".formatted(board.name(), rule),
                        () -> assertThat(rule.complaints(board)).isEmpty())));
  }

  @TestFactory
  Stream<DynamicTest> every_rule_finds_what_breaks_it() {
    return DashboardRule.ALL.stream()
        .map(rule -> dynamicTest(rule + " complains", () -> assertComplains(rule)));
  }

  private static void assertComplains(DashboardRule rule) {
    Edit edit = requireNonNull(BREAKS.get(rule.name()), rule::name);
    String text = Installation.text(Dashboard.FOLDER + "/" + SAMPLE);
    assertThat(text).contains(edit.from());
    Dashboard broken = Dashboard.of(SAMPLE, text.replace(edit.from(), edit.to()));
    assertThat(rule.complaints(broken)).isNotEmpty();
  }

  @Test
  void the_five_dashboards_are_there_each_with_a_name_of_its_own() {
    List<Dashboard> boards = Dashboard.all();
    assertThat(boards.stream().map(Dashboard::name))
        .containsExactly(
            "drops.json", "itself.json", "overview.json", "source-validation.json", "veth.json");
    assertThat(boards.stream().map(board -> board.json().text("uid"))).doesNotHaveDuplicates();
    assertThat(boards.stream().map(board -> board.json().text("title"))).doesNotHaveDuplicates();
  }

  /**
   * Tests with Prometheus's own parser that every query is valid (target-promql-rule): each becomes
   * a recording rule.
   */
  @Test
  void every_query_is_valid_promql() throws IOException {
    MachineRequirements.assumeProgram("promtool");
    List<DashboardQuery> queries = DashboardQuery.ofDashboards();
    String rules = queries.stream().map(DashboardLintTest::rule).collect(joining());
    Path file = folder.resolve("rules.yaml");
    Files.writeString(file, "groups:\n- name: queries\n  rules:\n" + rules);
    ProcessResult check =
        ProcessResult.of("promtool", "check", "rules", "--lint=none", file.toString());
    assertThat(check.exitCode()).as(check.stderr()).isZero();
    assertThat(check.stdout()).contains("SUCCESS: %d rules".formatted(queries.size()));
  }

  private static String rule(DashboardQuery query) {
    return "  - record: query\n    expr: '%s'\n".formatted(query.expr().replace("'", "''"));
  }
}
