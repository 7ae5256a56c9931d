package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchCommandTest {
  private static final WatchResponse BATCH =
      WatchResponse.newBuilder()
          .addAllJourneys(Fixture.healthy().getJourneysList())
          .addAllFindings(Fixture.sourceAddressIsLocal().getFindingsList())
          .setLost(Lost.newBuilder().setRing(12).setClient(3))
          .build();

  @TempDir private Path dir;

  private ScriptedServer server() {
    return new ScriptedServer(dir.resolve("sock"), _ -> Fixture.healthy(), List.of(BATCH));
  }

  private static String untilInterrupted(ScriptedServer server, String... args) throws Exception {
    List<String> command = new ArrayList<>(CliProcess.javaCommand(Vethtrace.class));
    command.addAll(List.of("--server", server.address()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      StringBuilder text = new StringBuilder();
      while (!text.toString().contains("lost")) {
        text.append(reader.readLine()).append('\n');
      }
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return text.toString();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void journeys_findings_and_losses_are_shown_until_it_is_ended_which_is_no_failure()
      throws Exception {
    try (ScriptedServer server = server()) {
      assertThat(untilInterrupted(server, "watch")).isEqualTo(Fixture.text("watch.txt"));
    }
  }

  @Test
  void with_json_each_line_is_an_object_that_says_what_it_is() throws Exception {
    try (ScriptedServer server = server()) {
      assertThat(untilInterrupted(server, "-o", "json", "watch").lines())
          .satisfiesExactly(
              line -> assertThat(line).startsWith("{\"journey\":{\"packet\":\"ARP"),
              line -> assertThat(line).startsWith("{\"journey\":{\"packet\":\"IP"),
              line -> assertThat(line).startsWith("{\"finding\":{\"cause\":\"SOURCE_ADDRESS"),
              line -> assertThat(line).startsWith("{\"lost\":{\"ring\":\"12\",\"client\":\"3\","));
    }
  }

  @Test
  void filters_are_passed_on() throws Exception {
    try (ScriptedServer server = server()) {
      untilInterrupted(server, "watch", "--netns", "blue", "-i", "veth0", "-i", "veth1");
      assertThat(server.watches.getFirst().getNetnsList()).containsExactly("blue");
      assertThat(server.watches.getFirst().getInterfacesList()).containsExactly("veth0", "veth1");
    }
  }

  @Test
  void what_of_the_history_and_how_much_is_passed_on() throws Exception {
    try (ScriptedServer server = server()) {
      String[] options =
          ("watch --findings --last 20 --count 3 --no-follow --since 2026-11-28T10:00:00Z"
                  + " --only cause=netfilter,port=53,port=54 --not reason=NO_SOCKET")
              .split(" ");
      untilInterrupted(server, options);
      assertThat(server.watches.getFirst())
          .isEqualTo(
              WatchRequest.newBuilder()
                  .addKinds(WatchRequest.Kind.FINDING)
                  .setLast(20)
                  .setFirst(3)
                  .setHistoryOnly(true)
                  .setSinceUnixNs(1_795_860_000_000_000_000L)
                  .addAllow(
                      WatchFilter.newBuilder()
                          .addCauses(Finding.Cause.NETFILTER)
                          .addPorts(53)
                          .addPorts(54))
                  .addDeny(WatchFilter.newBuilder().addDropReasons("NO_SOCKET"))
                  .build());
    }
  }

  @Test
  void it_ends_quietly_when_nobody_reads_any_more() throws IOException, InterruptedException {
    List<WatchResponse> many = new ArrayList<>();
    for (int index = 0; index < 5000; index++) {
      many.add(BATCH);
    }
    try (ScriptedServer server =
        new ScriptedServer(dir.resolve("sock"), _ -> Fixture.healthy(), many)) {
      String pipeline = "{ \"$@\"; echo \"code $?\" >&2; } | head -1; : the shell waits for both";
      List<String> command = new ArrayList<>(List.of("sh", "-c", pipeline, "sh"));
      command.addAll(CliProcess.javaCommand(Vethtrace.class));
      command.addAll(List.of("--server", server.address(), "watch"));
      Process process = new ProcessBuilder(command).start();
      assertThat(process.inputReader(StandardCharsets.UTF_8).lines()).hasSize(1);
      assertThat(process.errorReader().lines()).containsExactly("code 0");
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void a_daemon_that_goes_away_is_said() throws Exception {
    ScriptedServer server = server();
    try (CliProcess cli = CliProcess.start(Map.of(), "--server", server.address(), "watch")) {
      Eventually.isTrue("it watches", () -> !server.watches.isEmpty());
      server.close();
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).startsWith("vethtrace: the daemon at ").hasLineCount(1);
      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_POSSIBLE);
    }
  }
}
