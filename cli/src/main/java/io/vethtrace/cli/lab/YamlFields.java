package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of one mapping in a file; each error names the file and the field. */
final class YamlFields {
  private final Path file;
  private final String prefix;
  private final Map<String, Object> values = new HashMap<>();

  private YamlFields(Path file, String prefix, Map<?, ?> mapping) {
    this.file = file;
    this.prefix = prefix;
    mapping.forEach((key, value) -> values.put(String.valueOf(key), value));
  }

  static YamlFields of(Path file, Object document) {
    if (document instanceof Map<?, ?> mapping) {
      return new YamlFields(file, "", mapping);
    }
    throw Failure.usage("%s: it has to be a mapping of fields".formatted(file));
  }

  YamlFields only(Set<String> known) {
    values.keySet().stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw error(name, "no such field");
        });
    return this;
  }

  YamlFields empty(String name) {
    return new YamlFields(file, prefix + name + ".", Map.of());
  }

  Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  String text(String name) {
    return optionalText(name).orElseThrow(() -> error(name, "missing"));
  }

  Optional<String> optionalText(String name) {
    return optional(name, String.class, "has to be text")
        .map(text -> {
          if (text.isBlank()) {
            throw error(name, "empty");
          }
          return text.strip();
        });
  }

  int positive(String name, int preset) {
    int number = optional(name, Integer.class, "has to be a number").orElse(preset);
    if (number < 1) {
      throw error(name, "has to be at least 1");
    }
    return number;
  }

  /** Returns the text, number or flag as it is in a shell. */
  Optional<String> optionalScalar(String name) {
    return optional(name, Object.class, "")
        .map(value -> {
          if (value instanceof Map || value instanceof Iterable) {
            throw error(name, "has to be one value");
          }
          return value.toString();
        });
  }

  boolean flag(String name) {
    return optional(name, Boolean.class, "has to be true or false")
        .orElseThrow(() -> error(name, "missing"));
  }

  YamlFields fields(String name) {
    return optionalFields(name).orElseThrow(() -> error(name, "missing"));
  }

  Optional<YamlFields> optionalFields(String name) {
    return optional(name, Map.class, "has to be a mapping")
        .map(mapping -> new YamlFields(file, prefix + name + ".", mapping));
  }

  <T> Optional<T> optional(String name, Class<T> type, String problem) {
    Optional<Object> value = Optional.ofNullable(values.get(name));
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw error(name, problem);
    }
    return value.map(type::cast);
  }

  Failure error(String name, String problem) {
    return Failure.usage("%s: %s%s: %s".formatted(file, prefix, name, problem));
  }
}
