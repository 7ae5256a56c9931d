package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDaemonTest {
  private static final byte[] CAPTURE = {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2, (byte) 0xa1};

  @TempDir private Path home;

  private Path log() {
    return home.resolve("daemon.log");
  }

  @BeforeEach
  void install() throws IOException {
    Files.createDirectory(home.resolve("bin"));
    launcher(
        "exec '%s' \"$@\""
            .formatted(String.join("' '", CliProcess.javaCommand(ScriptedDaemon.class))));
  }

  private void launcher(String script) throws IOException {
    Path launcher = home.resolve("bin/vethtraced");
    Files.writeString(launcher, "#!/bin/sh\n" + script + "\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  private CliProcess cli(String... args) {
    return CliProcess.start(
        Map.of("VETHTRACE_HOME", home.toString(), "DAEMON_LOG", log().toString()), args);
  }

  private List<String> told() {
    try {
      return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private Path socketDirectory() {
    String start = told().getFirst();
    Path socket = Path.of(start.substring(start.indexOf("--socket ") + "--socket ".length()));
    return Objects.requireNonNull(socket.getParent());
  }

  @Test
  void where_none_listens_a_private_daemon_is_started_told_of_the_command_and_ended()
      throws IOException {
    Path pid = home.resolve("pid");
    try (CliProcess cli = cli("why", "--", "sh", "-c", "echo $$ > " + pid)) {
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
    }
    assertThat(told().getFirst()).startsWith("start --private --socket ");
    assertThat(told().subList(1, told().size()))
        .containsExactly(
            "follow " + Eventually.number(pid), "done " + Eventually.number(pid), "end");
    assertThat(socketDirectory()).doesNotExist();
  }

  @Test
  void while_the_command_runs_the_socket_is_gone_already() throws Exception {
    Path pid = home.resolve("pid");
    try (CliProcess cli = cli("why", "--", "sh", "-c", "echo $$ > %s; sleep 1000".formatted(pid))) {
      Eventually.number(pid);
      assertThat(socketDirectory()).doesNotExist();
      cli.interrupt();
      assertThat(cli.result("").exitCode()).isZero();
    }
    assertThat(told()).endsWith("done " + Eventually.number(pid), "end");
  }

  @Test
  void the_socket_is_in_a_directory_of_this_user_alone() throws IOException {
    Path modes = home.resolve("modes");
    launcher("for last; do :; done; stat -c %%a \"${last%%/*}\" > '%s'".formatted(modes));
    try (CliProcess cli = cli("status")) {
      cli.result("");
    }
    assertThat(modes).hasContent("700");
  }

  @Test
  void killing_the_program_ends_the_daemon() {
    Path pid = home.resolve("pid");
    try (CliProcess cli = cli("why", "--", "sh", "-c", "echo $$ > %s; sleep 2".formatted(pid))) {
      Eventually.number(pid);
      ProcessHandle.of(cli.handle().pid()).ifPresent(ProcessHandle::destroyForcibly);
      Eventually.isTrue("the daemon ended", () -> told().contains("end"));
    }
    assertThat(told()).noneMatch(word -> word.startsWith("done"));
    assertThat(socketDirectory()).doesNotExist();
  }

  @Test
  void what_is_wanted_goes_to_a_private_daemon_which_asks_the_kernel() throws Exception {
    try (CliProcess cli =
        cli("watch", "--netns", "4026532000", "-i", "veth0", "icmp", "or", "arp")) {
      Eventually.isTrue("the daemon started", () -> !told().isEmpty());
      cli.interrupt();
      cli.result("");
    }
    assertThat(told().getFirst())
        .startsWith(
            "start --private --filter=icmp or arp --netns=4026532000 --interface=veth0 --socket ");
  }

  @Test
  void a_name_that_only_the_daemon_knows_is_left_to_the_stream() throws Exception {
    try (CliProcess cli = cli("watch", "--netns", "no-such-namespace")) {
      Eventually.isTrue("the daemon started", () -> !told().isEmpty());
      cli.interrupt();
      cli.result("");
    }
    assertThat(told().getFirst()).startsWith("start --private --socket ");
  }

  @Test
  void a_filter_that_the_daemon_refuses_is_a_wrong_command_line() throws IOException {
    launcher("echo \"vethtraced: no filter: 'tcpp': syntax error\" >&2; exit 2");
    try (CliProcess cli = cli("watch", "tcpp")) {
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEqualTo("vethtrace: no filter: 'tcpp': syntax error\n");
      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void what_the_daemon_lacks_is_passed_on_in_its_words() throws IOException {
    launcher(
        "echo 'WARNING: noise' >&2; echo 'vethtraced: BTF is missing; boot another' >&2; exit 3");
    assertFails(cli("status"), "vethtrace: BTF is missing; boot another\n");
  }

  @Test
  void a_daemon_that_ends_without_a_word_is_a_sentence_too() throws IOException {
    launcher("exit 9");
    assertFails(
        cli("why", "true"),
        "vethtrace: the private daemon ended with code 9 before it served and gave no reason\n");
  }

  @Test
  void where_none_listens_doctor_has_the_daemons_program_examine() throws IOException {
    launcher("echo \"$*\" > \"$DAEMON_LOG\"; echo '{\"kernel\": \"9.9\", \"later\": 1}'; exit 3");
    try (CliProcess cli = cli("-o", "json", "doctor")) {
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("\"kernel\":\"9.9\"").hasLineCount(1);
      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_POSSIBLE);
    }
    assertThat(told()).containsExactly("--examine");
  }

  @Test
  void an_examination_that_says_nothing_is_a_sentence() throws IOException {
    launcher("echo 'vethtraced: out of memory; add some' >&2; exit 1");
    assertFails(cli("doctor"), "vethtrace: out of memory; add some\n");
    launcher("echo no json; exit 9");
    assertFails(
        cli("doctor"), "vethtrace: vethtraced --examine ended with code 9 and without a report\n");
  }

  @Test
  void captures_are_read_by_the_daemons_program_as_this_user() throws IOException {
    Path file = Files.write(home.resolve("a.pcap"), CAPTURE);
    launcher("echo \"$*\" > \"$DAEMON_LOG\"; echo '{\"limits\": [\"cut\"], \"later\": 1}'");
    try (CliProcess cli = cli("-o", "json", "explain", file.toString(), file.toString())) {
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("\"findings\":[]", "\"limits\":[\"cut\"]").hasLineCount(1);
      assertThat(result.exitCode()).isEqualTo(ExitCode.EVENTS_LOST);
    }
    assertThat(told()).containsExactly("--explain %s %s".formatted(file, file));
  }

  @Test
  void captures_that_cannot_be_read_are_a_wrong_command_line() throws IOException {
    Path file = Files.write(home.resolve("a.pcap"), CAPTURE);
    launcher("echo 'vethtraced: a.pcap is too short for a capture' >&2; exit 2");
    try (CliProcess cli = cli("explain", file.toString())) {
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEqualTo("vethtrace: a.pcap is too short for a capture\n");
      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void an_interruption_while_the_daemon_starts_leaves_nothing() throws Exception {
    launcher("echo \"start $*\" > \"$DAEMON_LOG\"; trap '' INT; cat > /dev/null");
    try (CliProcess cli = cli("why", "true")) {
      Eventually.isTrue("the daemon starts", () -> !told().isEmpty());
      cli.interrupt();
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEqualTo("vethtrace: interrupted before anything was traced\n");
      assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    }
    assertThat(socketDirectory()).doesNotExist();
  }

  @Test
  void without_a_daemon_to_start_it_says_what_to_do() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("bin"))) {
      files.forEach(file -> assertThat(file.toFile().delete()).isTrue());
    }
    assertFails(
        cli("status"),
        "vethtrace: no daemon listens on unix:/run/vethtrace/vethtrace.sock and this"
            + " installation has no vethtraced; start vethtraced, or name another with --server\n");
  }

  @Test
  void a_named_server_that_does_not_listen_is_no_reason_for_a_private_one() {
    assertFails(
        cli("--server", "unix:" + home.resolve("nobody"), "status"),
        "vethtrace: nobody listens on unix:%s; start vethtraced there, or use a private daemon: leave out --server and VETHTRACE_SERVER\n"
            .formatted(home.resolve("nobody")));
    assertThat(told()).isEmpty();
  }

  private static void assertFails(CliProcess started, String sentence) {
    try (CliProcess cli = started) {
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).isEqualTo(sentence);
      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_POSSIBLE);
      assertThat(result.out()).isEmpty();
    }
  }
}
