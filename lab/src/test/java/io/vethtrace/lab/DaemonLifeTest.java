package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Daemons that are killed, started anew and run beside each other, and disks that are full. */
final class DaemonLifeTest {
  private static final int NOT_POSSIBLE = 3;

  @TempDir private Path folder;

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  private static boolean seesPing(Running watch) {
    Finished.of("unshare", "--net", "sh", "-c", "ip link set lo up; ping -c 1 127.0.0.1");
    return watch.stdout().contains("ICMP 127.0.0.1");
  }

  @Test
  void after_kill_9_the_next_daemon_serves_under_the_same_socket() {
    try (ServedDaemon killed = ServedDaemon.start(folder);
        Running watch = Running.start(killed.command("watch"))) {
      Await.until("the client sees a ping", () -> seesPing(watch));
      killed.daemon().handle().destroyForcibly();
      Finished told = watch.finish();
      assertThat(told.exitCode()).isEqualTo(NOT_POSSIBLE);
      assertThat(told.stderr()).hasLineCount(1).contains("went away");
      assertThat(killed.socket()).as("a killed daemon leaves its socket").exists();
      try (ServedDaemon next = ServedDaemon.start(folder);
          Running again = Running.start(next.command("watch"))) {
        Await.until("a client sees a ping", () -> seesPing(again));
        Finished stopped = next.stop();
        assertThat(stopped.exitCode()).as(stopped.stderr()).isZero();
        assertThat(next.socket()).doesNotExist();
      }
    }
  }

  @Test
  void two_daemons_trace_side_by_side() throws IOException {
    try (ServedDaemon one = ServedDaemon.start(Files.createDirectory(folder.resolve("one")));
        ServedDaemon two = ServedDaemon.start(Files.createDirectory(folder.resolve("two")));
        Running first = Running.start(one.command("watch"));
        Running second = Running.start(two.command("watch"))) {
      Await.until("the first one's client sees a ping", () -> seesPing(first));
      Await.until("the second one's client sees a ping", () -> seesPing(second));
      assertThat(one.stop().exitCode()).isZero();
      Finished status = Finished.of(two.command("-o", "json", "status").toArray(String[]::new));
      assertThat(status.exitCode()).as(status.stderr()).isZero();
    }
  }

  @Test
  void a_full_disk_leaves_a_whole_recording() {
    Finished run =
        Finished.of(
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
