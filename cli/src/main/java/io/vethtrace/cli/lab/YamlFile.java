package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A mapping of fields as YAML 1.2, in a file that has the same name as what it describes. */
final class YamlFile {
  static final String SUFFIX = ".yaml";

  private YamlFile() {}

  static YamlFields read(Path file) {
    YamlFields fields = YamlFields.of(file, load(file));
    if (!file.endsWith(fields.text("name") + SUFFIX)) {
      throw fields.error("name", "has to be the file's name without " + SUFFIX);
    }
    return fields;
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
}
