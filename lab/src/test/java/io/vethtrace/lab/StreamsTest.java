package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code why} does with the output of the command that it investigates. */
final class StreamsTest {
  private static final String BOTH_STREAMS = "printf 'out %s\\n' \"$1\"; echo err >&2; exit 5";

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  @Test
  void json_moves_the_commands_output_to_standard_error_and_prints_one_object() {
    Finished why = why("-o", "json");
    assertThat(why.exitCode()).as(why.stderr()).isZero();
    List<Json> objects = Json.parseLines(why.stdout());
    assertThat(objects).hasSize(1);
    Json command = objects.getFirst().object("command");
    assertThat(command.get("exit_code")).isEqualTo(5);
    assertThat(command.get("argv")).isEqualTo(List.of("sh", "-c", BOTH_STREAMS, "sh", "a 'b\" $c"));
    assertThat(why.stderr().lines()).containsExactlyInAnyOrder("out a 'b\" $c", "err");
  }

  @Test
  void text_passes_both_streams_on_untouched() {
    Finished why = why("-o", "text");
    assertThat(why.exitCode()).as(why.stderr()).isZero();
    assertThat(why.stdout()).startsWith("out a 'b\" $c\n").contains("exit code 5");
    assertThat(why.stderr()).isEqualTo("err\n");
  }

  @Test
  void options_meant_for_other_java_programs_leave_standard_output_alone() {
    Finished version =
        Finished.of(
            "env",
            "JAVA_TOOL_OPTIONS=-XX:+PrintFlagsFinal -Xlog:gc",
            "JDK_JAVA_OPTIONS=-verbose:class",
            Installation.vethtrace(),
            "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.stdout().lines()).hasSize(1).first().asString().startsWith("vethtrace ");
  }

  private static Finished why(String... options) {
    return Finished.of(
        Installation.vethtrace(),
        "why",
        options[0],
        options[1],
        "--",
        "sh",
        "-c",
        BOTH_STREAMS,
        "sh",
        "a 'b\" $c");
  }
}
