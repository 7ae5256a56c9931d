package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.MemoryLimit;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import io.vethtrace.lab.harness.RestrictedMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that one sentence says what is missing where tracing is not possible. */
final class UnsupportedMachineTest {
  private static final int NOT_POSSIBLE = 3;

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  @Test
  void a_user_without_privileges_gets_the_list_of_missing_capabilities() {
    ProcessResult reach = RestrictedMachine.asNobody("test", "-x", Installation.vethtrace());
    assumeTrue(reach.exitCode() == 0, "needs a working folder that every user may enter");
    ProcessResult why = RestrictedMachine.asNobody(Installation.vethtrace(), "why", "--", "true");
    assertRefusal(why, "CAP_BPF");
  }

  @Test
  void root_without_capabilities_gets_the_list_of_missing_ones() {
    ProcessResult why =
        ProcessResult.of(
            "setpriv",
            "--bounding-set=-all",
            "--inh-caps=-all",
            Installation.vethtrace(),
            "why",
            "--",
            "true");
    assertRefusal(why, "CAP_BPF");
  }

  @Test
  void without_libbpf_the_error_says_how_to_install_it() {
    assertRefusal(isolated(RestrictedMachine.WITHOUT_LIBBPF), "libbpf");
  }

  @Test
  void without_btf_the_error_names_the_missing_kernel_option() {
    assertRefusal(isolated(RestrictedMachine.WITHOUT_BTF), "BTF");
  }

  @Test
  void a_ring_larger_than_the_memory_left_is_refused(@TempDir Path folder) throws IOException {
    try (MemoryLimit limit = MemoryLimit.of(600L << 20)) {
      String enter = "echo $$ >'%s' && exec \"$@\"".formatted(limit.processes());
      ProcessResult daemon =
          ProcessResult.of(
              "sh",
              "-c",
              enter,
              "sh",
              Installation.vethtraced(),
              "--ring-bytes",
              Integer.toString(1 << 30),
              "--socket",
              folder.resolve("socket").toString());
      assertRefusal(daemon, "ring");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void a_socket_that_another_daemon_serves_is_left_to_it(@TempDir Path folder) {
    String socket = folder.resolve("socket").toString();
    try (ProcessSession first =
        ProcessSession.start(Installation.vethtraced(), "--socket", socket)) {
      Poll.until("the first daemon listens", () -> first.stdout().contains("listens"));
      assertRefusal(ProcessResult.of(Installation.vethtraced(), "--socket", socket), socket);
      ProcessResult status =
          ProcessResult.of(Installation.vethtrace(), "--server", "unix:" + socket, "status");
      assertThat(status.exitCode()).as(status.stderr()).isZero();
      first.signalGroup("TERM");
      first.finish();
    }
    assertThat(Files.exists(folder.resolve("socket"))).isFalse();
  }

  private static ProcessResult isolated(String hide) {
    return RestrictedMachine.hiding(hide, Installation.vethtrace(), "why", "--", "true");
  }

  private static void assertRefusal(ProcessResult run, String word) {
    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(NOT_POSSIBLE);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr().lines()).as(run.stderr()).hasSize(1);
    assertThat(run.stderr()).contains(word).doesNotContain("Exception");
  }
}
