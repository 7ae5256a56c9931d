package io.vethtrace.lab.metrics;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Grafana dashboard in JSON. */
record Dashboard(String name, JsonLine json) {
  static final String FOLDER = "dashboards/grafana/dashboards";

  /** Returns all shipped dashboards in the order of their files. */
  static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(Path.of(Installation.file(FOLDER)))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .map(name -> of(name, Installation.text(FOLDER + "/" + name)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Dashboard of(String name, String text) {
    return new Dashboard(name, JsonLine.parse(text));
  }

  List<JsonLine> variables() {
    return json.object("templating").objects("list");
  }

  Optional<JsonLine> variable(String name) {
    return variables().stream().filter(v -> v.text("name").equals(name)).findFirst();
  }

  List<JsonLine> annotations() {
    return json.object("annotations").objects("list");
  }

  /** Returns all panels, rows included. */
  List<Panel> panels() {
    return json.objects("panels").stream().map(panel -> new Panel(name, panel)).toList();
  }

  /** A panel of a dashboard. */
  record Panel(String dashboard, JsonLine json) {
    String type() {
      return json.text("type");
    }

    String title() {
      return json.has("title") ? json.text("title") : "";
    }

    boolean hasQueries() {
      return !type().equals("row") && !type().equals("text");
    }

    String unit() {
      JsonLine defaults = json.object("fieldConfig").object("defaults");
      return defaults.has("unit") ? defaults.text("unit") : "";
    }

    List<Target> targets() {
      return json.objects("targets").stream().map(target -> new Target(this, target)).toList();
    }

    @Override
    public String toString() {
      return dashboard + ": " + title();
    }
  }

  /** A query of a panel. */
  record Target(Panel panel, JsonLine json) {
    String expr() {
      return json.text("expr");
    }

    @Override
    public String toString() {
      return "%s (%s)".formatted(panel, json.text("refId"));
    }
  }
}
