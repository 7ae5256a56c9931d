package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.exit.Interruption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, asked by a real bash. */
class CompletionTest {
  @TempDir Path folder;

  /** Returns the completions that bash offers at the end of these words. */
  private List<String> offered(String... words) throws Exception {
    Path script = folder.resolve("vethtrace.bash");
    CliProcess.Result result = InProcess.run(new Interruption(), "completion", "bash");
    assertThat(result.exitCode()).as(result.err()).isZero();
    Files.writeString(script, result.out());
    String ask =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_vethtrace; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(script, String.join(" ", words), words.length - 1);
    return bash(ask);
  }

  private static List<String> bash(String script) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-c", script)
            // compopt complains outside of a completion that bash itself began.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.lines().map(String::strip).toList();
  }

  @Test
  void a_command_is_completed_from_its_beginning() throws Exception {
    assertThat(offered("vethtrace", "sta")).containsExactly("status");
    assertThat(offered("vethtrace", "lab", "ru")).containsExactly("run");
  }

  @Test
  void options_are_those_of_the_command_and_those_of_all() throws Exception {
    assertThat(offered("vethtrace", "why", "--"))
        .contains("--duration", "--settle", "--server")
        .doesNotContain("--timeout", "--netns");
  }
}
