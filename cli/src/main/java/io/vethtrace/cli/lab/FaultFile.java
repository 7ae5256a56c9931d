package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** One fault as YAML 1.2, in a file of its name. */
final class FaultFile {
  static final String SUFFIX = ".yaml";

  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "title",
          "story",
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

  static Fault read(Path file) {
    YamlFields fields = YamlFields.of(file, load(file)).only(FIELDS);
    Fault fault =
        new Fault(
            fields.text("name"),
            fields.text("title"),
            fields.text("story"),
            fields.positive("namespaces", 1),
            fields.optionalText("needs"),
            fields.text("make"),
            fields.text("traffic"),
            expectation(fields.fields("expect").only(EXPECT_FIELDS)),
            fields.optionalFields("then").map(then -> expectation(then.only(EXPECT_FIELDS))),
            fields.flag("curable"));
    if (!file.endsWith(fault.name() + SUFFIX)) {
      throw fields.wrong("name", "has to be the file's name without " + SUFFIX);
    }
    return fault;
  }

  private static Object load(Path file) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      return Objects.requireNonNullElse(
          new Load(settings).loadFromString(Files.readString(file)), "");
    } catch (IOException e) {
      throw Failure.usage("%s: cannot be read: %s".formatted(file, Failure.reason(e)));
    } catch (YamlEngineException e) {
      String problem = String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", " ");
      throw Failure.usage("%s: no YAML: %s".formatted(file, problem));
    }
  }

  private static Expectation expectation(YamlFields fields) {
    return new Expectation(
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
      default -> throw fields.wrong("confidence", "has to be OBSERVED or INFERRED");
    };
  }

  private static Optional<Finding.Cause> cause(YamlFields fields) {
    String name = fields.text("cause");
    if (name.equals(Expectation.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(Finding.Cause.values())
            .filter(cause -> cause.name().equals(name))
            .findFirst()
            .orElseThrow(() -> fields.wrong("cause", "'%s' is no cause".formatted(name))));
  }

  private static List<Integer> returnValues(YamlFields fields) {
    Object value = fields.optional("return_value", Object.class, "").orElse(List.of());
    List<?> numbers = value instanceof List<?> list ? list : List.of(value);
    return numbers.stream()
        .flatMap(number -> number instanceof Integer integer ? Stream.of(integer) : fail(fields))
        .toList();
  }

  private static Stream<Integer> fail(YamlFields fields) {
    throw fields.wrong("return_value", "has to be a number or a list of numbers");
  }
}
