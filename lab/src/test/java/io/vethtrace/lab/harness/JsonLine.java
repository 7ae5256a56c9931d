package io.vethtrace.lab.harness;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An object that a program printed as one line of JSON. JSON is YAML (YAML 1.2.2, 1.3). */
public record JsonLine(Map<?, ?> fields) {
  public static JsonLine parse(String line) {
    Object value = new Load(LoadSettings.builder().build()).loadFromString(line);
    if (value instanceof Map<?, ?> fields) {
      return new JsonLine(fields);
    }
    throw new AssertionError("no JSON object: " + line);
  }

  public static List<JsonLine> parseLines(String text) {
    return text.lines().filter(line -> !line.isBlank()).map(JsonLine::parse).toList();
  }

  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Returns the value of a field; null if the program left the field at its default. */
  public @Nullable Object get(String name) {
    return fields.get(name);
  }

  public JsonLine without(String name) {
    Map<Object, Object> rest = new LinkedHashMap<>(fields);
    rest.remove(name);
    return new JsonLine(rest);
  }

  public String text(String name) {
    return requireNonNull(fields.get(name), () -> name + " is missing in " + fields).toString();
  }

  public JsonLine object(String name) {
    if (fields.get(name) instanceof Map<?, ?> inner) {
      return new JsonLine(inner);
    }
    throw new AssertionError(name + " is no object in " + fields);
  }

  public List<?> list(String name) {
    if (fields.get(name) instanceof List<?> list) {
      return list;
    }
    throw new AssertionError(name + " is no list in " + fields);
  }

  public List<JsonLine> objects(String name) {
    if (fields.get(name) instanceof List<?> list) {
      return list.stream().map(item -> new JsonLine((Map<?, ?>) item)).toList();
    }
    return List.of();
  }
}
