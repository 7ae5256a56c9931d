package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.BpfPrograms;
import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessArguments;
import io.vethtrace.lab.harness.ProcessSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that no process, no socket and no BPF program stays, however a run ends. */
final class LeftoverTest {
  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
    MachineRequirements.assumeProgram("bpftool");
  }

  @Test
  void ctrl_c_leaves_nothing() {
    assertNothingLeftAfter(run -> run.cli().signalGroup("INT"));
  }

  @Test
  void kill_9_of_the_cli_leaves_nothing() {
    assertNothingLeftAfter(run -> run.cli().handle().destroyForcibly());
  }

  @Test
  void kill_9_of_the_daemon_leaves_nothing() {
    assertNothingLeftAfter(run -> run.daemon().destroyForcibly());
  }

  @Test
  void an_ordinary_end_leaves_nothing() {
    assertNothingLeftAfter(run -> run.traced().destroy());
  }

  private record Run(
      ProcessSession cli,
      ProcessHandle daemon,
      ProcessHandle traced,
      Path folder,
      Set<Integer> programs) {}

  private static void assertNothingLeftAfter(Consumer<Run> end) {
    try (ProcessSession cli =
        ProcessSession.start(
            Installation.vethtrace(), "why", "--", "sh", "-c", "echo started; exec sleep 600")) {
      Run run = started(cli);
      List<ProcessHandle> processes = Stream.of(cli.handle(), run.daemon(), run.traced()).toList();
      assertThat(run.programs()).as("BPF programs of the daemon").isNotEmpty();
      end.accept(run);
      Poll.until(
          "every process has ended", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
      assertThat(run.folder()).doesNotExist();
      Poll.until(
          "the kernel has freed the BPF programs",
          () -> BpfPrograms.loaded().stream().noneMatch(run.programs()::contains));
    }
  }

  private static Run started(ProcessSession cli) {
    Poll.until("the command runs: " + cli.stderr(), () -> cli.stdout().contains("started"));
    ProcessHandle daemon = Poll.value("a daemon runs", () -> cli.descendant("--private"));
    ProcessHandle traced = Poll.value("sleep runs", () -> cli.descendant("600"));
    List<String> arguments = ProcessArguments.of(daemon);
    Path socket = Path.of(arguments.get(arguments.indexOf("--socket") + 1));
    Path folder = Optional.ofNullable(socket.getParent()).orElseThrow();
    return new Run(cli, daemon, traced, folder, BpfPrograms.of(daemon));
  }
}
