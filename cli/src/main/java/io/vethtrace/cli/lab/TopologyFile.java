package io.vethtrace.cli.lab;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one topology from its file. */
final class TopologyFile {
  private static final Set<String> FIELDS =
      Set.of("name", "title", "description", "drawing", "namespaces", "parameters", "make");

  private TopologyFile() {}

  static Topology read(Path file) {
    YamlFields fields = YamlFile.read(file).only(FIELDS);
    return new Topology(
        fields.text("name"),
        fields.text("title"),
        fields.text("description"),
        fields.text("drawing"),
        fields.positive("namespaces", 1),
        parameters(fields.optionalFields("parameters").orElseGet(() -> fields.empty("parameters"))),
        fields.text("make"));
  }

  private static Map<String, Optional<String>> parameters(YamlFields defaults) {
    return defaults.names().stream()
        .collect(Collectors.toMap(name -> name, defaults::optionalScalar));
  }
}
