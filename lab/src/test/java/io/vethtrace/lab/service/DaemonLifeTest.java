package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.ListeningDaemon;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests killed daemons, restarted daemons, two daemons at a time, and a full disk. */
final class DaemonLifeTest {
  private static final int NOT_POSSIBLE = 3;

  @TempDir private Path folder;

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  private static boolean seesPing(ProcessSession watch) {
    ProcessResult.of("unshare", "--net", "sh", "-c", "ip link set lo up; ping -c 1 127.0.0.1");
    return watch.stdout().contains("ICMP 127.0.0.1");
  }

  @Test
  void after_kill_9_the_next_daemon_serves_under_the_same_socket() {
    try (ListeningDaemon killed = ListeningDaemon.start(folder);
        ProcessSession watch = ProcessSession.start(killed.command("watch"))) {
      Poll.until("the client sees a ping", () -> seesPing(watch));
      killed.daemon().handle().destroyForcibly();
      ProcessResult ended = watch.finish();
      assertThat(ended.exitCode()).isEqualTo(NOT_POSSIBLE);
      assertThat(ended.stderr()).hasLineCount(1).contains("went away");
      assertThat(killed.socket()).as("a killed daemon leaves its socket").exists();
      try (ListeningDaemon next = ListeningDaemon.start(folder);
          ProcessSession again = ProcessSession.start(next.command("watch"))) {
        Poll.until("a client sees a ping", () -> seesPing(again));
        ProcessResult stopped = next.stop();
        assertThat(stopped.exitCode()).as(stopped.stderr()).isZero();
        assertThat(next.socket()).doesNotExist();
      }
    }
  }

  @Test
  void two_daemons_trace_side_by_side() throws IOException {
    try (ListeningDaemon one = ListeningDaemon.start(Files.createDirectory(folder.resolve("one")));
        ListeningDaemon two = ListeningDaemon.start(Files.createDirectory(folder.resolve("two")));
        ProcessSession first = ProcessSession.start(one.command("watch"));
        ProcessSession second = ProcessSession.start(two.command("watch"))) {
      Poll.until("the first one's client sees a ping", () -> seesPing(first));
      Poll.until("the second one's client sees a ping", () -> seesPing(second));
      assertThat(one.stop().exitCode()).isZero();
      ProcessResult status =
          ProcessResult.of(two.command("-o", "json", "status").toArray(String[]::new));
      assertThat(status.exitCode()).as(status.stderr()).isZero();
    }
  }

  @Test
  void a_full_disk_leaves_a_whole_recording() {
    ProcessResult run =
        ProcessResult.of(
            "unshare",
            "--mount",
            "--net",
            "sh",
            "-c",
            """
            mount -t tmpfs -o size=64k full /mnt
            ip link set lo up
            '%1$s' record -w /mnt/r.vt & pid=$!
            while [ ! -s /mnt/r.vt ]; do sleep 0.1; done
            ping -q -i 0.002 -c 500 127.0.0.1 >/dev/null
            wait $pid; echo "exit code $?"
            '%1$s' -o json explain /mnt/r.vt; echo "explained $?"
            """
                .formatted(Installation.vethtrace()));
    assertThat(run.stdout()).contains("exit code 3");
    assertThat(run.stderr())
        .hasLineCount(1)
        .contains("No space left on device", "what was recorded up to there is in it");
    assertThat(run.stdout()).contains("ICMP 127.0.0.1", "explained 0");
  }
}
