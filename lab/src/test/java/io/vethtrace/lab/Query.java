package io.vethtrace.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A query as Grafana sends it where all is selected, a scrape is made each second, of which its
 * rate interval has at least four, and a point of a graph stands for two.
 *
 * @param where the panel that asks it
 * @param labels what a series must have for the panel to name it
 * @param isInstant whether one moment is asked for, not a time
 * @param expr with its variables filled in
 */
record Query(String where, Set<String> labels, boolean isInstant, String expr) {
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

  /** All of the panels and of the annotations. */
  static List<Query> ofDashboards() {
    List<Query> queries = new ArrayList<>();
    for (Dashboard board : Dashboard.all()) {
      board.panels().stream()
          .flatMap(panel -> panel.targets().stream())
          .map(Query::of)
          .forEach(queries::add);
      board.annotations().stream().map(json -> ofAnnotation(board, json)).forEach(queries::add);
    }
    return queries;
  }

  private static Query of(Dashboard.Target target) {
    boolean isInstant = Boolean.TRUE.equals(target.json().get("instant"));
    return new Query(target.toString(), labels(target), isInstant, expand(target.expr()));
  }

  private static Query ofAnnotation(Dashboard board, Json json) {
    String where = "%s: annotation %s".formatted(board.name(), json.text("name"));
    Set<String> labels = labelsOf(json.text("titleFormat"));
    return new Query(where, labels, false, expand(json.text("expr")));
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

  /** Those of its legend, and the columns that a table gives names to. */
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
