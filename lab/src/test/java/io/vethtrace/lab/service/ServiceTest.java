package io.vethtrace.lab.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessArguments;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import io.vethtrace.lab.harness.RestrictedMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the daemon under systemd: its privileges, its notifications, and its end. */
final class ServiceTest {
  private static final int USAGE = 2;
  private static final int NOT_POSSIBLE = 3;

  /**
   * The limit for the end: the daemon promises two seconds, and a busy machine needs more to notice
   * it.
   */
  private static final Duration STOPPED = Duration.ofSeconds(5);

  /**
   * The capabilities SYS_ADMIN, SYS_PTRACE, SYSLOG, NET_ADMIN and NET_RAW:
   * include/uapi/linux/capability.h.
   */
  private static final long KEPT = 1L << 21 | 1L << 19 | 1L << 34 | 1L << 12 | 1L << 13;

  private static final String GROUP_ID = "54321";

  /** Runs a command as if the machine had a group vethtrace. */
  private static final String WITH_GROUP =
      "cp /etc/group '%1$s' && echo vethtrace:x:"
          + GROUP_ID
          + ": >>'%1$s' && mount --bind '%1$s' /etc/group";

  @TempDir Path folder;

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  private Path socket() {
    return folder.resolve("socket");
  }

  private List<String> daemon(String... options) {
    List<String> command =
        new ArrayList<>(List.of(Installation.vethtraced(), "--socket", socket().toString()));
    command.addAll(List.of(options));
    return command;
  }

  private static void awaitListening(ProcessSession daemon) {
    Poll.until("the daemon listens: " + daemon.stderr(), () -> daemon.stdout().contains("listens"));
  }

  /** Returns every capability set of every thread of a process. */
  private static Set<String> capabilities(ProcessHandle daemon, String set) throws IOException {
    Set<String> values = new TreeSet<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/%d/task".formatted(daemon.pid())))) {
      for (Path task : tasks.toList()) {
        Files.readString(task.resolve("status"))
            .lines()
            .filter(line -> line.startsWith(set + ":"))
            .map(line -> line.substring(set.length() + 1).strip())
            .forEach(values::add);
      }
    }
    return values;
  }

  @Test
  void once_it_listens_no_thread_has_a_capability_beyond_those_it_needs() throws IOException {
    try (ProcessSession daemon = ProcessSession.start(daemon())) {
      awaitListening(daemon);
      ProcessHandle java = daemon.handle();
      for (String set : List.of("CapPrm", "CapEff", "CapBnd")) {
        assertThat(capabilities(java, set)).as(set).containsExactly("%016x".formatted(KEPT));
      }
      assertThat(capabilities(java, "CapInh")).containsExactly("%016x".formatted(0));
      assertThat(capabilities(java, "NoNewPrivs")).containsExactly("1");
      assertThat(daemon.stdout()).contains("keeps CAP_SYS_ADMIN").contains("gave up");
      daemon.signalGroup("TERM");
      daemon.finish(STOPPED);
    }
  }

  @Test
  void with_what_is_left_it_still_names_a_fault_and_the_rule_behind_it() {
    try (ProcessSession daemon = ProcessSession.start(daemon())) {
      awaitListening(daemon);
      ProcessResult lab =
          ProcessResult.of(
              Duration.ofMinutes(2),
              List.of(
                  Installation.vethtrace(),
                  "--server",
                  "unix:" + socket(),
                  "lab",
                  "run",
                  "nft-input"));
      assertThat(lab.exitCode()).as("%s%n%s", lab.stdout(), lab.stderr()).isZero();
      assertThat(lab.stdout()).contains("NETFILTER").contains("echo-request");
      daemon.signalGroup("TERM");
      daemon.finish(STOPPED);
    }
  }

  @Test
  void sigterm_ends_it_in_time_and_leaves_no_socket() {
    try (ProcessSession daemon = ProcessSession.start(daemon())) {
      awaitListening(daemon);
      daemon.signalGroup("TERM");
      ProcessResult ended = daemon.finish(STOPPED);
      assertThat(ended.exitCode()).as(ended.stderr()).isZero();
      assertThat(ended.stderr()).isEmpty();
      assertThat(ended.stdout()).contains("vethtraced: stops: ").contains("vethtraced: stopped ");
      assertThat(ended.stdout().lines()).allMatch(line -> line.startsWith("vethtraced"));
      assertThat(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }
  }

  @Test
  void it_notifies_systemd_when_it_is_ready_alive_and_stopping() {
    MachineRequirements.assumeProgram("socat");
    String words = folder.resolve("notify").toString();
    try (ProcessSession systemd = ProcessSession.start("socat", "-u", "UNIX-RECV:" + words, "-")) {
      Poll.until("systemd listens", () -> Files.exists(Path.of(words)));
      List<String> command =
          new ArrayList<>(List.of("env", "NOTIFY_SOCKET=" + words, "WATCHDOG_USEC=1000000"));
      command.addAll(daemon());
      try (ProcessSession daemon = ProcessSession.start(command)) {
        Poll.until("it is ready", () -> systemd.stdout().contains("READY=1\n"));
        assertThat(daemon.stdout()).contains("listens");
        assertThat(systemd.stdout()).contains("STATUS=watches ").doesNotContain("STOPPING");
        Poll.until("it lives", () -> systemd.stdout().contains("WATCHDOG=1\n"));
        daemon.signalGroup("TERM");
        daemon.finish(STOPPED);
        Poll.until("it stops", () -> systemd.stdout().contains("STOPPING=1\n"));
      }
    }
  }

  @Test
  void a_member_of_the_group_may_connect_and_nobody_else() throws IOException {
    assumeTrue(
        RestrictedMachine.asNobody("test", "-x", Installation.vethtrace()).exitCode() == 0,
        "needs a working folder that every user may enter");
    String groups = folder.resolve("group").toString();
    String script =
        "mount --make-rprivate / && %s && exec \"$@\"".formatted(WITH_GROUP.formatted(groups));
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, "sh"));
    command.addAll(daemon());
    ProcessResult.of("chmod", "711", folder.toString());
    try (ProcessSession daemon = ProcessSession.start(command)) {
      awaitListening(daemon);
      ProcessResult file = ProcessResult.of("stat", "-c", "%a %g", socket().toString());
      assertThat(file.stdout().strip()).isEqualTo("660 " + GROUP_ID);
      assertThat(asUserOfGroup(GROUP_ID).exitCode()).isZero();
      assertThat(asUserOfGroup("65534").exitCode()).isEqualTo(NOT_POSSIBLE);
      daemon.signalGroup("TERM");
      daemon.finish(STOPPED);
    }
  }

  private ProcessResult asUserOfGroup(String group) {
    return ProcessResult.of(
        "setpriv",
        "--reuid=65534",
        "--regid=" + group,
        "--clear-groups",
        Installation.vethtrace(),
        "--server",
        "unix:" + socket(),
        "status");
  }

  @Test
  void settings_of_a_file_hold_and_the_command_line_comes_first() throws IOException {
    Path config = folder.resolve("vethtraced.conf");
    Files.writeString(config, "socket = /no/such/folder/socket\nring-bytes = 1048576\n", UTF_8);
    try (ProcessSession daemon = ProcessSession.start(daemon("--config", config.toString()))) {
      awaitListening(daemon);
      ProcessResult status =
          ProcessResult.of(
              Installation.vethtrace(), "-o", "json", "--server", "unix:" + socket(), "status");
      assertThat(status.stdout()).contains("\"ring_bytes\":\"1048576\"");
      daemon.signalGroup("TERM");
      daemon.finish(STOPPED);
    }
  }

  @Test
  void a_wrong_setting_is_one_sentence_with_file_and_line() throws IOException {
    Path config = folder.resolve("vethtraced.conf");
    Files.writeString(config, "# mine\nring = 1048576\n", UTF_8);
    ProcessResult run = ProcessResult.of(Installation.vethtraced(), "--config", config.toString());
    assertThat(run.exitCode()).isEqualTo(USAGE);
    assertThat(run.stderr()).startsWith("vethtraced: " + config + ":2: 'ring' is not known");
    assertThat(run.stderr()).hasLineCount(1);
    assertThat(run.stdout()).isEmpty();
  }

  @Test
  void vethtrace_daemon_is_the_same_program() {
    List<String> command = new ArrayList<>(List.of(Installation.vethtrace(), "daemon"));
    command.addAll(List.of("--socket", socket().toString()));
    try (ProcessSession daemon = ProcessSession.start(command)) {
      awaitListening(daemon);
      assertThat(ProcessArguments.of(daemon.handle()))
          .contains("io.vethtrace.daemon.app.Vethtraced");
      daemon.signalGroup("TERM");
      assertThat(daemon.finish(STOPPED).exitCode()).isZero();
    }
  }
}
