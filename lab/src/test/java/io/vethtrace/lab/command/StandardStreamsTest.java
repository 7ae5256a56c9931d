package io.vethtrace.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests the standard streams of {@code why} and of the command that it runs. */
final class StandardStreamsTest {
  private static final String BOTH_STREAMS = "printf 'out %s\\n' \"$1\"; echo err >&2; exit 5";

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  @Test
  void json_moves_the_commands_output_to_standard_error_and_prints_one_object() {
    ProcessResult why = why("-o", "json");
    assertThat(why.exitCode()).as(why.stderr()).isZero();
    List<JsonLine> objects = JsonLine.parseLines(why.stdout());
    assertThat(objects).hasSize(1);
    JsonLine command = objects.getFirst().object("command");
    assertThat(command.get("exit_code")).isEqualTo(5);
    assertThat(command.get("argv")).isEqualTo(List.of("sh", "-c", BOTH_STREAMS, "sh", "a 'b\" $c"));
    assertThat(why.stderr().lines()).containsExactlyInAnyOrder("out a 'b\" $c", "err");
  }

  @Test
  void text_passes_both_streams_on_untouched() {
    ProcessResult why = why("-o", "text");
    assertThat(why.exitCode()).as(why.stderr()).isZero();
    assertThat(why.stdout()).startsWith("out a 'b\" $c\n").contains("exit code 5");
    assertThat(why.stderr()).isEqualTo("err\n");
  }

  @Test
  void options_meant_for_other_java_programs_leave_standard_output_alone() {
    ProcessResult version =
        ProcessResult.of(
            "env",
            "JAVA_TOOL_OPTIONS=-XX:+PrintFlagsFinal -Xlog:gc",
            "JDK_JAVA_OPTIONS=-verbose:class",
            Installation.vethtrace(),
            "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.stdout().lines()).hasSize(1).first().asString().startsWith("vethtrace ");
  }

  private static ProcessResult why(String... options) {
    return ProcessResult.of(
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
