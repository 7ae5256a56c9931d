package io.vethtrace.cli.investigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.cli.CliTestNetns;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private static final long OWN = ProcFile.netnsInode(ProcessHandle.current().pid()).orElseThrow();

  private static Set<Long> netnsOf(String... argv) {
    InvestigationRequest request =
        new InvestigationRequest(List.of(argv), true, Optional.empty(), Optional.empty());
    try (TracedCommand command = TracedCommand.start(request)) {
      assertThat(command.hasEndedWithin(Duration.ofMinutes(1))).isTrue();
      assertThat(command.exitCode()).isZero();
      return command.netnsInodes();
    }
  }

  @Test
  void a_command_that_stays_works_in_our_namespace() {
    assertThat(netnsOf("true")).containsExactly(OWN);
    assertThat(netnsOf("sh", "-c", "sleep 0.05; sleep 0.05")).containsExactly(OWN);
  }

  @Test
  void a_command_that_moves_works_where_it_went_and_not_where_it_came_from() {
    assumeTrue(CliTestNetns.canBeMade(), "needs root and ip");
    try (CliTestNetns netns = CliTestNetns.make()) {
      assertThat(netnsOf("ip", "netns", "exec", netns.name(), "sleep", "0.05"))
          .containsExactly(netns.inode());
    }
  }

  @Test
  void a_command_that_is_over_at_once_is_found_by_what_it_was_told_to_do() {
    assumeTrue(CliTestNetns.canBeMade(), "needs root and ip");
    try (CliTestNetns netns = CliTestNetns.make()) {
      assertThat(netnsOf("ip", "netns", "exec", netns.name(), "true"))
          .containsExactly(netns.inode());
    }
  }

  @Test
  void a_shell_that_waits_for_commands_elsewhere_does_no_work_here() {
    assumeTrue(CliTestNetns.canBeMade(), "needs root and ip");
    try (CliTestNetns one = CliTestNetns.make();
        CliTestNetns two = CliTestNetns.make()) {
      String script =
          "ip netns exec %s sleep 0.05; ip netns exec '%s' sleep 0.05; :"
              .formatted(one.name(), two.name());
      assertThat(netnsOf("sh", "-c", script)).containsExactlyInAnyOrder(one.inode(), two.inode());
    }
  }

  @Test
  void a_namespace_without_a_name_is_found_by_looking() {
    assumeTrue(CliTestNetns.canBeMade(), "needs root");
    assertThat(netnsOf("unshare", "-n", "sleep", "0.2")).hasSize(1).doesNotContain(OWN);
  }

  @Test
  void killing_ends_also_those_that_lost_their_parent() {
    InvestigationRequest request =
        new InvestigationRequest(
            List.of("sh", "-c", "(sleep 1000 & sleep 0.2) & wait; exec sleep 1000"),
            true,
            Optional.empty(),
            Optional.empty());
    try (TracedCommand command = TracedCommand.start(request)) {
      assertThat(command.hasEndedWithin(Duration.ofMillis(500))).isFalse();
      command.kill();
      assertThat(command.exitCode()).isEqualTo(128 + 9);
    }
    assertThat(ProcessHandle.allProcesses().flatMap(handle -> handle.info().arguments().stream()))
        .noneMatch(arguments -> List.of(arguments).equals(List.of("1000")));
  }

  @Test
  void names_are_read_from_an_ip_command_line_only() {
    assertThat(NetnsExecTargets.inodes(List.of("echo", "netns", "exec", "nowhere"))).isEmpty();
    assertThat(NetnsExecTargets.inodes(List.of("ip", "netns", "exec", "../../etc/passwd", "ls")))
        .isEmpty();
  }
}
