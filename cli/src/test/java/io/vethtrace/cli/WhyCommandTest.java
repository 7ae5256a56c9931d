package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.util.JsonFormat;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.v1.WhyReport;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyCommandTest {
  private static final String BOTH_STREAMS = "printf 'out\\n'; printf 'err\\n' >&2; exit 7";

  @TempDir private Path dir;

  private CliProcess.Result why(WhyReport report, String... args) {
    try (ScriptedServer server = ScriptedServer.reporting(dir.resolve("sock"), report);
        CliProcess cli = CliProcess.start(Map.of("VETHTRACE_SERVER", server.address()), args)) {
      return cli.result("typed\n");
    }
  }

  @Test
  void the_commands_streams_pass_untouched_and_the_report_follows() {
    CliProcess.Result result = why(Fixture.healthy(), "why", "--", "sh", "-c", BOTH_STREAMS);
    assertThat(result.out()).startsWith("out\n\n─ sh -c").contains("exit code 7");
    assertThat(result.err()).isEqualTo("err\n");
    assertThat(result.exitCode()).isEqualTo(ExitCode.NOTHING_WRONG);
  }

  @Test
  void standard_input_is_the_commands() {
    assertThat(why(Fixture.healthy(), "why", "cat").out()).startsWith("typed\n");
  }

  @Test
  void with_json_standard_output_holds_one_object_and_the_command_writes_to_standard_error()
      throws Exception {
    CliProcess.Result result =
        why(Fixture.sourceAddressIsLocal(), "-o", "json", "why", "--", "sh", "-c", BOTH_STREAMS);
    assertThat(result.err()).isEqualTo("out\nerr\n");
    assertThat(result.out().lines()).hasSize(1);
    WhyReport.Builder printed = WhyReport.newBuilder();
    JsonFormat.parser().merge(result.out(), printed);
    assertThat(printed.getCommand().getExitCode()).isEqualTo(7);
    assertThat(printed.getCommand().getArgvList()).containsExactly("sh", "-c", BOTH_STREAMS);
    assertThat(printed.clearCommand().build()).isEqualTo(Fixture.sourceAddressIsLocal());
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAULT_FOUND);
  }

  @Test
  void a_command_that_a_signal_ended_has_128_and_the_signal_as_its_code() {
    CliProcess.Result result = why(Fixture.healthy(), "why", "--", "sh", "-c", "kill -TERM $$");
    assertThat(result.out()).contains("exit code 143");
  }

  @Test
  void options_behind_the_commands_name_are_the_commands() {
    CliProcess.Result result = why(Fixture.healthy(), "why", "echo", "-o", "json", "--", "@file");
    assertThat(result.out()).startsWith("-o json -- @file\n");
  }

  @Test
  void a_command_that_is_not_there_is_a_usage_error() {
    CliProcess.Result result = why(Fixture.healthy(), "why", "--", "no-such-command");
    assertThat(result.err())
        .isEqualTo("vethtrace: cannot run 'no-such-command': no such command in PATH\n");
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void a_command_that_takes_too_long_is_stopped_with_its_descendants() {
    Path pid = dir.resolve("pid");
    String command = "sleep 1000 & echo $! > %s; wait".formatted(pid);
    CliProcess.Result result =
        why(Fixture.healthy(), "why", "--duration", "300ms", "--", "sh", "-c", command);
    assertThat(result.out()).containsPattern("it was\\s+stopped\\s+by\\s+--duration");
    Eventually.isGone(Eventually.number(pid));
  }

  @Test
  void an_interruption_ends_the_command_and_prints_what_is_known() throws Exception {
    Path pid = dir.resolve("pid");
    String command = "trap '' INT TERM; sleep 1000 & echo $! > %s; wait; wait".formatted(pid);
    try (ScriptedServer server =
            ScriptedServer.reporting(dir.resolve("sock"), Fixture.sourceAddressIsLocal());
        CliProcess cli =
            CliProcess.start(
                Map.of(), "--server", server.address(), "why", "--", "sh", "-c", command)) {
      long sleeper = Eventually.number(pid);
      cli.interrupt();
      CliProcess.Result result = cli.result("");
      assertThat(result.out()).containsPattern("it was\\s+interrupted").contains("✗ veth1 refuses");
      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isEqualTo(ExitCode.FAULT_FOUND);
      Eventually.isGone(sleeper);
      assertThat(server.settleMs).containsExactly(1);
    }
  }

  @Test
  void a_daemon_that_dies_ends_the_command_and_its_descendants() {
    Path pid = dir.resolve("pid");
    String command = "sleep 1000 & echo $! > %s; wait".formatted(pid);
    ScriptedServer server = ScriptedServer.reporting(dir.resolve("sock"), Fixture.healthy());
    try (CliProcess cli =
        CliProcess.start(Map.of(), "--server", server.address(), "why", "sh", "-c", command)) {
      long sleeper = Eventually.number(pid);
      server.close();
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).startsWith("vethtrace: the daemon at unix:").hasLineCount(1);
      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_POSSIBLE);
      assertThat(result.out()).isEmpty();
      Eventually.isGone(sleeper);
    }
  }

  @Test
  void settle_is_passed_on() {
    Function<String[], ScriptedServer> run =
        args -> {
          try (ScriptedServer server =
              ScriptedServer.reporting(dir.resolve("settle"), Fixture.healthy())) {
            assertThat(InProcess.run(server, args).exitCode()).isZero();
            return server;
          }
        };
    String[] args = {"why", "--settle", "1.5s", "--", "true"};
    assertThat(run.apply(args).settleMs).containsExactly(1500);
  }

  @Test
  void a_namespace_that_is_named_counts_beside_the_commands_own() {
    assumeTrue(CliTestNetns.canBeMade(), "needs root");
    try (CliTestNetns netns = CliTestNetns.make();
        ScriptedServer server = ScriptedServer.reporting(dir.resolve("netns"), Fixture.healthy())) {
      String[] args = {"why", "--netns", netns.name(), "--", "true"};
      assertThat(InProcess.run(server, args).exitCode()).isZero();
      assertThat(server.scopes).hasSize(1);
      assertThat(server.scopes.getFirst()).hasSize(2).contains((int) netns.inode());
    }
  }

  @Test
  void what_is_recorded_of_a_command_is_explained_as_why_did() {
    String file = dir.resolve("recording").toString();
    try (ScriptedServer server =
        ScriptedServer.reporting(dir.resolve("record"), Fixture.sourceAddressIsLocal())) {
      CliProcess.Result live =
          InProcess.run(server, "-o", "json", "record", "-w", file, "--", "true");
      CliProcess.Result later = InProcess.run(server, "-o", "json", "explain", file);

      assertThat(live.out()).contains("SOURCE_ADDRESS_IS_LOCAL");
      assertThat(later.out()).isEqualTo(live.out());
      assertThat(later.exitCode()).isEqualTo(live.exitCode()).isEqualTo(ExitCode.FAULT_FOUND);
      assertThat(InProcess.run(server, "explain", file).out()).contains("✗ veth1 refuses");
    }
  }
}
