package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WhyReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir private Path dir;

  private static CliProcess.Result run(String line) {
    return InProcess.run(new Interruption(), line.isEmpty() ? new String[0] : line.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "--nonsense",
        "-o xml status",
        "why",
        "why --settle soon true",
        "why --also-netns no-such-namespace true",
        "why --netns no-such-namespace true",
        "lab table /no/such/file",
        "record true",
        "record -w /dev/null --filter icmp -- true",
        "record -w /dev/null --also-netns lo",
        "capture -i lo -w /dev/null --file-size 0",
        "drops --count -1",
        "drops --since 1m --count 1",
        "drops --by colour",
        "record -w /no/such/folder/file true",
        "explain",
        "explain /no/such/file",
        "explain --id x-1 /no/such/file",
        "watch --recording /no/such/file",
        "watch --input /no/such/file",
        "watch --last many",
        "watch --count -1",
        "watch --first -1",
        "watch --since yesterday",
        "watch --since 2026-11-28Tnoon",
        "watch --only port",
        "watch --only port=http",
        "watch --not cause=NONE",
        "watch --only colour=red",
        "why --duration -1s true",
        "why --timeout -1s true",
        "status more",
        "doctor more",
        "lab",
        "lab run",
        "lab run --all one",
        "lab list --faults /no/such/folder",
        "--server nowhere status",
        "--server unix: status",
        "--server host:99999 status",
        "--color pink status",
        "--time noon status",
        "completion",
        "completion fish",
      })
  void a_wrong_command_line_gets_one_sentence_and_code_2(String line) {
    CliProcess.Result result = run(line);
    assertThat(result.err()).startsWith("vethtrace: ").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "why",
        "watch",
        "record",
        "explain",
        "drops",
        "reasons",
        "status",
        "doctor",
        "lab",
        "lab list",
        "lab show",
        "lab run",
        "lab table",
        "daemon",
        "completion"
      })
  void every_command_explains_itself_with_an_example_within_80_columns(String command) {
    CliProcess.Result result = run((command + " --help").strip());
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Usage: vethtrace").contains("Examples:\n  vethtrace ");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void the_version_is_the_builds() {
    assertThat(run("--version").out()).matches("vethtrace \\d+\\.\\d+\\.\\d+ .*\n");
  }

  @Test
  void status_prints_the_servers_answer() {
    try (ScriptedServer server = ScriptedServer.reporting(dir.resolve("sock"), Fixture.healthy())) {
      assertThat(InProcess.run(server, "status").out()).isEqualTo(Fixture.text("status.txt"));
      assertThat(InProcess.run(server, "status", "-o", "json").out())
          .startsWith("{\"version\":\"0.1.0\"")
          .hasLineCount(1);
    }
  }

  @Test
  void doctor_asks_the_daemon_that_listens() {
    try (ScriptedServer server = ScriptedServer.reporting(dir.resolve("sock"), Fixture.healthy())) {
      CliProcess.Result text = InProcess.run(server, "doctor");
      assertThat(text.out()).isEqualTo(Fixture.text("doctor.txt"));
      assertThat(text.exitCode()).isZero();
      assertThat(InProcess.run(server, "doctor", "-o", "json").out())
          .startsWith("{\"version\":\"0.1.0\"")
          .contains("\"tracing_possible\":true")
          .hasLineCount(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'', 5, 4",
    "INFERRED, 0, 1",
    "INFERRED, 5, 4",
    "OBSERVED, 0, 1",
    "OBSERVED, 5, 1",
    "'INFERRED OBSERVED', 5, 1",
  })
  void what_was_observed_stays_a_fault_and_what_was_not_seen_falls_with_lost_events(
      String confidences, int lost, int exitCode) {
    WhyReport.Builder report = WhyReport.newBuilder().setLostEvents(lost);
    for (String confidence : confidences.split(" ", -1)) {
      if (!confidence.isEmpty()) {
        report.addFindingsBuilder().setConfidence(Finding.Confidence.valueOf(confidence));
      }
    }
    assertThat(ExitCode.of(report.build())).isEqualTo(exitCode);
  }
}
