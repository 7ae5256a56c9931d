package io.vethtrace.lab.metrics;

import io.vethtrace.lab.harness.JsonLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A query as Grafana sends it with everything selected, one scrape a second, a rate interval of
 * four scrapes, and one point of a graph every two seconds.
 *
 * @param where the panel of the query
 * @param labels the labels that a series needs in the panel's legend
 * @param isInstant true for a query about one moment
 * @param expr the expression with values in place of its variables
 */
record DashboardQuery(String where, Set<String> labels, boolean isInstant, String expr) {
  private static final Map<String, String> EVERYTHING = new LinkedHashMap<>();

  static {
    EVERYTHING.put("$__interval", "2s");
    EVERYTHING.put("$__rate_interval", "4s");
    EVERYTHING.put("$__range", "5m");
    EVERYTHING.put("$job", ".+");
    EVERYTHING.put("$instance", ".+");
    EVERYTHING.put("$netns", ".*");
    EVERYTHING.put("$interface", ".*");
  }

  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");

  /** Returns all queries of panels and annotations. */
  static List<DashboardQuery> ofDashboards() {
    List<DashboardQuery> queries = new ArrayList<>();
    for (Dashboard board : Dashboard.all()) {
      board.panels().stream()
          .flatMap(panel -> panel.targets().stream())
          .map(DashboardQuery::of)
          .forEach(queries::add);
      board.annotations().stream().map(json -> ofAnnotation(board, json)).forEach(queries::add);
    }
    return queries;
  }

  private static DashboardQuery of(Dashboard.Target target) {
    boolean isInstant = Boolean.TRUE.equals(target.json().get("instant"));
    return new DashboardQuery(target.toString(), labels(target), isInstant, expand(target.expr()));
  }

  private static DashboardQuery ofAnnotation(Dashboard board, JsonLine json) {
    String where = "%s: annotation %s".formatted(board.name(), json.text("name"));
    Set<String> labels = labelsOf(json.text("titleFormat"));
    return new DashboardQuery(where, labels, false, expand(json.text("expr")));
  }

  private static String expand(String expr) {
    String expanded = expr;
    for (Map.Entry<String, String> variable : EVERYTHING.entrySet()) {
      expanded = expanded.replace(variable.getKey(), variable.getValue());
    }
    return expanded;
  }

  private static Set<String> labelsOf(String legend) {
    return LEGEND_LABEL
        .matcher(legend)
        .results()
        .map(label -> label.group(1))
        .collect(Collectors.toSet());
  }

  /** Returns the labels of the legend and the columns that a table renames. */
  private static Set<String> labels(Dashboard.Target target) {
    Set<String> labels = new TreeSet<>(labelsOf(target.json().text("legendFormat")));
    target.panel().json().objects("transformations").stream()
        .flatMap(step -> step.object("options").object("renameByName").fields().keySet().stream())
        .map(Object::toString)
        .filter(name -> !name.equals("Value"))
        .forEach(labels::add);
    return labels;
  }
}
