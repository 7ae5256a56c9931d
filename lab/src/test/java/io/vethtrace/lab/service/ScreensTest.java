package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that docs/screens/ has the current help of each command; {@code make screens} writes it.
 */
final class ScreensTest {
  private static final int COLUMNS = 80;

  static List<String> commands() {
    return PackagedFilesTest.commands(
        ProcessResult.of(Installation.vethtrace(), "--help").stdout());
  }

  private static String screen(String command) throws IOException {
    return Files.readString(Path.of(Installation.file("docs/screens/" + command + ".txt")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void no_line_is_wider_than_the_terminal(String command) throws IOException {
    assertThat(screen(command).lines())
        .isNotEmpty()
        .allMatch(line -> line.codePointCount(0, line.length()) <= COLUMNS);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_help_is_the_programs_and_something_is_shown(String command) throws IOException {
    String help = ProcessResult.of(Installation.vethtrace(), command, "--help").stdout();
    assertThat(screen(command))
        .startsWith("$ vethtrace " + command + " --help\n" + help)
        .contains("\n\n$ ");
  }
}
