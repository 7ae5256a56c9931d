package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/screens/ shows each command as it is now; {@code make screens} writes it anew. */
final class ScreensTest {
  private static final int COLUMNS = 80;

  static List<String> commands() {
    return PackagedFilesTest.commands(Finished.of(Installation.vethtrace(), "--help").stdout());
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
    String help = Finished.of(Installation.vethtrace(), command, "--help").stdout();
    assertThat(screen(command))
        .startsWith("$ vethtrace " + command + " --help\n" + help)
        .contains("\n\n$ ");
  }
}
