package io.vethtrace.daemon.capture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The captures of the experiment that this project began with. They lie beside the project, not in
 * it: {@code shared/seed-captures}, or where the property {@code vethtrace.seed-captures} says.
 */
final class SeedCaptures {
  static final Path FOLDER =
      Path.of(System.getProperty("vethtrace.seed-captures", "../../shared/seed-captures"));

  private SeedCaptures() {}

  /** One of them; skips the test where they are not here. */
  static Path require(String name) {
    Path file = FOLDER.resolve(name);
    assumeTrue(
        Files.isReadable(file), "the author's captures are not at " + FOLDER.toAbsolutePath());
    return file;
  }
}
