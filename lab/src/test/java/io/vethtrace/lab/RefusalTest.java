package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where tracing is not possible, one sentence says what is missing. */
final class RefusalTest {
  private static final int NOT_POSSIBLE = 3;

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  @Test
  void a_user_without_privileges_is_told_which_capabilities_are_missing() {
    Finished reach = Isolation.asNobody("test", "-x", Installation.vethtrace());
    assumeTrue(reach.exitCode() == 0, "needs a working folder that every user may enter");
    Finished why = Isolation.asNobody(Installation.vethtrace(), "why", "--", "true");
    assertRefusal(why, "CAP_BPF");
  }

  @Test
  void root_without_capabilities_is_told_which_are_missing() {
    Finished why =
        Finished.of(
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
  void a_machine_without_libbpf_is_told_to_install_it() {
    assertRefusal(isolated(Isolation.WITHOUT_LIBBPF), "libbpf");
  }

  @Test
  void a_kernel_without_btf_is_told_which_option_it_lacks() {
    assertRefusal(isolated(Isolation.WITHOUT_BTF), "BTF");
  }

  @Test
  void a_ring_larger_than_the_memory_left_is_refused(@TempDir Path folder) throws IOException {
    try (MemoryLimit limit = MemoryLimit.of(600L << 20)) {
      String enter = "echo $$ >'%s' && exec \"$@\"".formatted(limit.processes());
      Finished daemon =
          Finished.of(
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
    try (Running first = Running.start(Installation.vethtraced(), "--socket", socket)) {
      Await.until("the first daemon listens", () -> first.stdout().contains("listens"));
      assertRefusal(Finished.of(Installation.vethtraced(), "--socket", socket), socket);
      Finished status =
          Finished.of(Installation.vethtrace(), "--server", "unix:" + socket, "status");
      assertThat(status.exitCode()).as(status.stderr()).isZero();
      first.signalGroup("TERM");
      first.finish();
    }
    assertThat(Files.exists(folder.resolve("socket"))).isFalse();
  }

  private static Finished isolated(String hide) {
    return Isolation.hiding(hide, Installation.vethtrace(), "why", "--", "true");
  }

  private static void assertRefusal(Finished run, String word) {
    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(NOT_POSSIBLE);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr().lines()).as(run.stderr()).hasSize(1);
    assertThat(run.stderr()).contains(word).doesNotContain("Exception");
  }
}
