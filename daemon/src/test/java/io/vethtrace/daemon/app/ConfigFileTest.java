package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name_the_file() {
    file = folder.resolve("vethtraced.conf");
  }

  private List<String> with(String text, String... more) throws IOException {
    Files.writeString(file, text);
    List<String> args = new ArrayList<>(List.of("--config", file.toString()));
    args.addAll(List.of(more));
    List<String> all = ConfigFile.before(args.toArray(String[]::new), Vethtraced.commandLine());
    assertThat(all).endsWith(args.toArray(String[]::new));
    return all.subList(0, all.size() - args.size());
  }

  @Test
  void each_line_becomes_the_option_of_its_name() throws IOException {
    assertThat(with("# why\n\n socket = /run/a b.sock \nring-bytes=4096\nfilter = tcp[13] = 2\n"))
        .containsExactly("--socket=/run/a b.sock", "--ring-bytes=4096", "--filter=tcp[13] = 2");
  }

  @Test
  void what_the_command_line_says_comes_first() throws IOException {
    assertThat(with("socket = /a\nring-bytes = 4096\n", "--socket", "/b"))
        .containsExactly("--ring-bytes=4096");
  }

  @Test
  void what_may_be_repeated_on_the_command_line_may_have_several_lines() throws IOException {
    assertThat(with("interface = veth0\ninterface = veth1\n"))
        .containsExactly("--interface=veth0", "--interface=veth1");
  }

  @ParameterizedTest
  @CsvSource({
    "socket, 'socket' is no setting",
    "sockets = /a, 'sockets' is not known; settings are filter",
    "private = true, 'private' is not known",
    "config = /a, 'config' is not known",
    "ring-bytes = many, --ring-bytes",
  })
  void a_wrong_line_is_named_in_one_sentence(String wrong, String words) {
    assertThatThrownBy(() -> with("# first\n" + wrong + "\n"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(file + ":2: ")
        .hasMessageContaining(words)
        .message()
        .hasLineCount(1);
  }

  @Test
  void two_values_of_one_setting_are_refused() {
    assertThatThrownBy(() -> with("socket = /a\nsocket = /b\n"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(file + ":2: 'socket' is set a second time");
  }

  @Test
  void a_file_that_is_named_and_cannot_be_read_is_refused() {
    String[] args = {"--config", file.toString()};
    assertThatThrownBy(() -> ConfigFile.before(args, Vethtraced.commandLine()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("cannot read the settings in " + file);
  }

  @Test
  void a_wrong_command_line_is_left_to_its_own_sentence() {
    String[] args = {"--nonsense"};
    assertThat(ConfigFile.before(args, Vethtraced.commandLine())).containsExactly(args);
  }
}
