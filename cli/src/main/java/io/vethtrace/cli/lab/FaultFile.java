package io.vethtrace.cli.lab;

import io.vethtrace.v1.Finding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one fault from its file. */
final class FaultFile {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "title",
          "story",
          "topology",
          "parameters",
          "namespaces",
          "needs",
          "make",
          "traffic",
          "expect",
          "then",
          "curable");
  private static final Set<String> EXPECT_FIELDS =
      Set.of("cause", "interface", "hook", "netns", "return_value", "confidence");

  private FaultFile() {}

  static Fault read(Path file, TopologyLibrary topologies) {
    YamlFields fields = YamlFile.read(file).only(FIELDS);
    Optional<Topology> topology = topology(fields, topologies);
    return new Fault(
        fields.text("name"),
        fields.text("title"),
        fields.text("story"),
        topology,
        namespaces(fields, topology),
        fields.optionalText("needs"),
        make(fields, topology),
        fields.text("traffic"),
        expectation(fields.fields("expect").only(EXPECT_FIELDS)),
        fields.optionalFields("then").map(then -> expectation(then.only(EXPECT_FIELDS))),
        fields.flag("curable"));
  }

  /** Returns the topology with the fault's parameters in the place of its own. */
  private static Optional<Topology> topology(YamlFields fields, TopologyLibrary topologies) {
    Optional<YamlFields> parameters = fields.optionalFields("parameters");
    Optional<String> name = fields.optionalText("topology");
    if (name.isEmpty() && parameters.isPresent()) {
      throw fields.error("parameters", "only a topology has parameters, and topology is missing");
    }
    return name.map(wanted ->
        topologies
            .find(wanted)
            .orElseThrow(() -> fields.error("topology", topologies.unknown(wanted)))
            .with(parameters.orElseGet(() -> fields.empty("parameters"))));
  }

  private static int namespaces(YamlFields fields, Optional<Topology> topology) {
    int minimum = topology.map(Topology::namespaces).orElse(1);
    int namespaces = fields.positive("namespaces", minimum);
    if (namespaces < minimum) {
      throw fields.error(
          "namespaces", "the topology has %d, and a fault can only add some".formatted(minimum));
    }
    return namespaces;
  }

  private static String make(YamlFields fields, Optional<Topology> topology) {
    return topology
        .map(base ->
            Stream.concat(Stream.of(base.make()), fields.optionalText("make").stream())
                .collect(Collectors.joining("\n")))
        .orElseGet(() -> fields.text("make"));
  }

  private static ExpectedFinding expectation(YamlFields fields) {
    return new ExpectedFinding(
        cause(fields),
        fields.optionalText("interface"),
        fields.optionalText("hook"),
        fields.optionalText("netns"),
        returnValues(fields),
        confidence(fields));
  }

  private static Finding.Confidence confidence(YamlFields fields) {
    return switch (fields.optionalText("confidence").orElse("OBSERVED")) {
      case "OBSERVED" -> Finding.Confidence.OBSERVED;
      case "INFERRED" -> Finding.Confidence.INFERRED;
      default -> throw fields.error("confidence", "has to be OBSERVED or INFERRED");
    };
  }

  private static Optional<Finding.Cause> cause(YamlFields fields) {
    String name = fields.text("cause");
    if (name.equals(ExpectedFinding.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(Finding.Cause.values())
            .filter(cause -> cause.name().equals(name))
            .findFirst()
            .orElseThrow(() -> fields.error("cause", "'%s' is no cause".formatted(name))));
  }

  private static List<Integer> returnValues(YamlFields fields) {
    Object value = fields.optional("return_value", Object.class, "").orElse(List.of());
    List<?> numbers = value instanceof List<?> list ? list : List.of(value);
    return numbers.stream()
        .flatMap(number -> number instanceof Integer integer ? Stream.of(integer) : fail(fields))
        .toList();
  }

  private static Stream<Integer> fail(YamlFields fields) {
    throw fields.error("return_value", "has to be a number or a list of numbers");
  }
}
