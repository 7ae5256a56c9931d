package io.vethtrace.lab.metrics;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rule for dashboards. All but the last six are the rules of Grafana's dashboard-linter
 * (lint/rule_*.go) with its names, and apply here to more types of panels. Rules for Loki are left
 * out: the only data source here is Prometheus.
 *
 * @param complaints the function that returns each violation and its panel
 */
record DashboardRule(String name, Function<Dashboard, Stream<String>> complaints) {
  /** The units of packages/grafana-data/src/valueFormats/categories.ts that make sense here. */
  private static final Set<String> UNITS =
      Set.of(
          "none",
          "short",
          "locale",
          "percentunit",
          "bytes",
          "Bps",
          "pps",
          "cps",
          "s",
          "dtdurations",
          "dateTimeFromNow");

  static final List<DashboardRule> ALL =
      List.of(
          new DashboardRule("template-datasource-rule", DashboardRule::datasource),
          new DashboardRule("template-job-rule", board -> template(board, "job", "Job")),
          new DashboardRule(
              "template-instance-rule", board -> template(board, "instance", "Instance")),
          new DashboardRule("template-label-promql-rule", DashboardRule::labelQueries),
          new DashboardRule("template-on-time-change-reload-rule", DashboardRule::reload),
          new DashboardRule("panel-datasource-rule", panels(DashboardRule::hasDatasource)),
          new DashboardRule(
              "panel-title-description-rule",
              panels(panel -> !panel.title().isBlank() && panel.json().has("description"))),
          new DashboardRule("panel-units-rule", panels(panel -> UNITS.contains(panel.unit()))),
          new DashboardRule("panel-no-targets-rule", panels(panel -> !panel.targets().isEmpty())),
          new DashboardRule("target-rate-interval-rule", selectors(DashboardRule::hasRateInterval)),
          new DashboardRule("target-job-rule", selectors(selector -> matches(selector, "job"))),
          new DashboardRule(
              "target-instance-rule", selectors(selector -> matches(selector, "instance"))),
          new DashboardRule("target-counter-agg-rule", selectors(DashboardRule::isAggregated)),
          new DashboardRule("uneditable-dashboard", DashboardRule::uneditable),
          new DashboardRule("our-metrics", selectors(DashboardRule::isOurs)),
          new DashboardRule("windows-overlap", DashboardRule::windows),
          new DashboardRule("links-lead-somewhere", DashboardRule::links),
          new DashboardRule("panels-apart", DashboardRule::overlaps),
          new DashboardRule("variables-exist", DashboardRule::variables),
          new DashboardRule("causes-exist", DashboardRule::causes));

  private static final Pattern LABEL_QUERY =
      Pattern.compile("label_values\\((?<selector>.+), [a-z]+\\)");
  private static final Pattern DASHBOARD_LINK = Pattern.compile("/d/([a-z-]+)");
  private static final Pattern SUBQUERY_STEP = Pattern.compile("\\[[^\\]]*:([^\\]]*)]");
  private static final Pattern CAUSE = Pattern.compile("\\b[A-Z]+(?:_[A-Z]+)+\\b");

  /** A variable of the dashboard. {@code $1} is none: it is a group of label_replace. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_]+)");

  /** Returns each violation and its panel; empty if there is none. */
  Stream<String> complaints(Dashboard board) {
    return complaints.apply(board);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Stream<String> when(boolean wrong, String complaint) {
    return wrong ? Stream.of(complaint) : Stream.empty();
  }

  private static Function<Dashboard, Stream<String>> panels(Predicate<Dashboard.Panel> right) {
    return board ->
        board.panels().stream()
            .filter(Dashboard.Panel::hasQueries)
            .filter(right.negate())
            .map(Dashboard.Panel::toString);
  }

  private static Function<Dashboard, Stream<String>> selectors(Predicate<PromQl.Selector> right) {
    return board ->
        board.panels().stream()
            .flatMap(panel -> panel.targets().stream())
            .flatMap(target ->
                PromQl.selectors(target.expr()).stream()
                    .filter(right.negate())
                    .map(selector -> target + ": " + selector));
  }

  private static boolean isEqual(JsonLine json, String name, Object value) {
    return value.equals(json.get(name));
  }

  private static Stream<String> datasource(Dashboard board) {
    boolean right =
        board
            .variable("datasource")
            .filter(v -> isEqual(v, "type", "datasource"))
            .filter(v -> isEqual(v, "query", "prometheus"))
            .filter(v -> isEqual(v, "label", "Data source"))
            .isPresent();
    return when(!right, "no data source to choose");
  }

  private static Stream<String> template(Dashboard board, String name, String label) {
    boolean right =
        board
            .variable(name)
            .filter(v -> isEqual(v, "type", "query"))
            .filter(v -> isEqual(v, "label", label))
            .filter(v -> isEqual(v, "multi", true))
            .filter(v -> isEqual(v, "allValue", ".+"))
            .filter(DashboardRule::asksTheDatasource)
            .isPresent();
    return when(!right, "the variable " + name + " is missing or not as it should be");
  }

  private static boolean asksTheDatasource(JsonLine json) {
    return json.has("datasource") && isEqual(json.object("datasource"), "uid", "$datasource");
  }

  private static Stream<JsonLine> queries(Dashboard board) {
    return board.variables().stream().filter(v -> isEqual(v, "type", "query"));
  }

  private static Stream<String> labelQueries(Dashboard board) {
    return queries(board)
        .map(variable -> variable.object("query").text("query"))
        .filter(query -> !isLabelQuery(query));
  }

  private static boolean isLabelQuery(String query) {
    Matcher matcher = LABEL_QUERY.matcher(query);
    return matcher.matches() && PromQl.selectors(matcher.group("selector")).size() == 1;
  }

  private static Stream<String> reload(Dashboard board) {
    return queries(board).filter(v -> !isEqual(v, "refresh", 2)).map(v -> v.text("name"));
  }

  private static boolean hasDatasource(Dashboard.Panel panel) {
    return asksTheDatasource(panel.json())
        && panel.targets().stream().allMatch(target -> asksTheDatasource(target.json()));
  }

  /**
   * Checks that each rate has {@code $__rate_interval}, unless the query is about the whole
   * selected range.
   */
  private static boolean hasRateInterval(PromQl.Selector selector) {
    return switch (selector.range()) {
      case "", "$__rate_interval" -> true;
      case "$__range" -> Set.of("increase", "last_over_time").contains(selector.function());
      default -> false;
    };
  }

  private static boolean matches(PromQl.Selector selector, String label) {
    return ("=~\"$" + label + "\"").equals(selector.matchers().get(label));
  }

  /**
   * Checks that a series that begins within the window counts in full: the query adds its last
   * value, with {@code unless} for series that were there before.
   */
  private static boolean isAggregated(PromQl.Selector selector) {
    return !selector.metric().endsWith("_total")
        || Set.of("rate", "irate", "increase", "last_over_time").contains(selector.function())
        || selector.isPresence();
  }

  private static Stream<String> uneditable(Dashboard board) {
    return when(!isEqual(board.json(), "editable", false), "it can be edited");
  }

  private static boolean isOurs(PromQl.Selector selector) {
    return selector.metric().startsWith("vethtrace_");
  }

  /**
   * Checks that a subquery's windows overlap: otherwise it misses all that was counted between the
   * last scrape of one window and the first of the next.
   */
  private static Stream<String> windows(Dashboard board) {
    return board.panels().stream()
        .flatMap(panel -> panel.targets().stream())
        .filter(target ->
            SUBQUERY_STEP
                .matcher(target.expr())
                .results()
                .anyMatch(step -> !step.group(1).equals("$__interval")))
        .map(Dashboard.Target::toString);
  }

  private static Stream<String> links(Dashboard board) {
    Set<String> uids =
        Dashboard.all().stream().map(b -> b.json().text("uid")).collect(Collectors.toSet());
    return DASHBOARD_LINK
        .matcher(board.json().toString())
        .results()
        .map(link -> link.group(1))
        .filter(uid -> !uids.contains(uid));
  }

  /** Checks that panels fit into a grid of 24 columns and do not overlap. */
  private static Stream<String> overlaps(Dashboard board) {
    boolean[][] taken = new boolean[24][1000];
    return board.panels().stream()
        .filter(panel -> !isPlaced(panel.json().object("gridPos"), taken))
        .map(Dashboard.Panel::toString);
  }

  private static boolean isPlaced(JsonLine grid, boolean[][] taken) {
    boolean free = true;
    for (int x = number(grid, "x"); x < number(grid, "x") + number(grid, "w"); x++) {
      for (int y = number(grid, "y"); y < number(grid, "y") + number(grid, "h"); y++) {
        free &= x < taken.length && !taken[x][y];
        taken[Math.min(x, taken.length - 1)][y] = true;
      }
    }
    return free;
  }

  private static int number(JsonLine json, String name) {
    return Integer.parseInt(json.text(name));
  }

  private static Stream<String> variables(Dashboard board) {
    Set<String> known =
        board.variables().stream().map(v -> v.text("name")).collect(Collectors.toSet());
    return VARIABLE
        .matcher(board.json().toString())
        .results()
        .map(name -> name.group(1))
        .filter(name -> !name.startsWith("__") && !known.contains(name));
  }

  /** Checks that the text has every cause and drop reason: names in capitals. */
  private static Stream<String> causes(Dashboard board) {
    String documented = Installation.text("docs/causes.md");
    return CAUSE
        .matcher(board.json().toString())
        .results()
        .map(name -> name.group())
        .filter(name -> !documented.contains(name));
  }
}
