package io.vethtrace.lab;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One object that a program printed as one line. JSON is YAML (YAML 1.2.2, 1.3). */
record Json(Map<?, ?> fields) {
  static Json parse(String line) {
    Object value = new Load(LoadSettings.builder().build()).loadFromString(line);
    if (value instanceof Map<?, ?> fields) {
      return new Json(fields);
    }
    throw new AssertionError("no JSON object: " + line);
  }

  static List<Json> parseLines(String text) {
    return text.lines().filter(line -> !line.isBlank()).map(Json::parse).toList();
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Absent where the program left the field at its default. */
  @Nullable Object get(String name) {
    return fields.get(name);
  }

  Json without(String name) {
    Map<Object, Object> rest = new LinkedHashMap<>(fields);
    rest.remove(name);
    return new Json(rest);
  }

  String text(String name) {
    return requireNonNull(fields.get(name), () -> name + " is missing in " + fields).toString();
  }

  Json object(String name) {
    if (fields.get(name) instanceof Map<?, ?> inner) {
      return new Json(inner);
    }
    throw new AssertionError(name + " is no object in " + fields);
  }

  List<?> list(String name) {
    if (fields.get(name) instanceof List<?> list) {
      return list;
    }
    throw new AssertionError(name + " is no list in " + fields);
  }

  List<Json> objects(String name) {
    if (fields.get(name) instanceof List<?> list) {
      return list.stream().map(item -> new Json((Map<?, ?>) item)).toList();
    }
    return List.of();
  }
}
