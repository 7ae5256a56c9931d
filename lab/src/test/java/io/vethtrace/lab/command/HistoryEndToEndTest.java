package io.vethtrace.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the history of a running daemon with commands that start later. */
final class HistoryEndToEndTest {
  private static final int FAULT_FOUND = 1;
  private static final int USAGE = 2;

  private final String netns = "vt-history-" + ProcessHandle.current().pid();
  @TempDir private Path folder;
  private ProcessSession daemon;

  @BeforeEach
  void trace_a_datagram_that_nobody_takes() {
    MachineRequirements.assumeRoot();
    run("ip", "netns", "add", netns);
    run("ip", "-n", netns, "link", "set", "lo", "up");
    daemon = ProcessSession.start(Installation.vethtraced(), "--socket", socket());
    Poll.until("it listens", () -> daemon.stdout().contains("listens on"));
    inside("echo x | socat -u - UDP4-SENDTO:127.0.0.1:4242 || true");
    inside("ping -c 3 -i 0.2 127.0.0.1");
    Poll.until("the fault is found", () -> !findings().isEmpty());
  }

  @AfterEach
  void remove() {
    if (daemon != null) {
      daemon.close();
    }
    ProcessResult.of("ip", "netns", "del", netns);
  }

  private String socket() {
    return folder.resolve("s").toString();
  }

  private static void run(String... command) {
    ProcessResult run = ProcessResult.of(command);
    assertThat(run.exitCode()).as("%s: %s", run.command(), run.stderr()).isZero();
  }

  private void inside(String shell) {
    run("ip", "netns", "exec", netns, "sh", "-c", shell);
  }

  private ProcessResult vethtrace(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Installation.vethtrace(), "--server", "unix:" + socket(), "-o", "json"));
    command.addAll(List.of(arguments));
    return ProcessResult.of(command.toArray(String[]::new));
  }

  private List<JsonLine> watched(String... arguments) {
    List<String> all = new ArrayList<>(List.of("watch", "--netns", netns, "--no-follow"));
    all.addAll(List.of(arguments));
    ProcessResult watch = vethtrace(all.toArray(String[]::new));
    assertThat(watch.exitCode()).as(watch.stderr()).isZero();
    return JsonLine.parseLines(watch.stdout());
  }

  private List<JsonLine> findings() {
    return watched("--findings", "--only", "cause=NO_LISTENER").stream()
        .map(line -> line.object("finding"))
        .toList();
  }

  private static List<String> packets(List<JsonLine> lines) {
    return lines.stream().map(line -> line.object("journey").text("packet")).toList();
  }

  @Test
  void the_history_can_be_queried_by_number_by_time_and_by_kind() {
    assertThat(packets(watched("--only", "protocol=icmp", "--journeys", "--last", "2")))
        .hasSize(2)
        .allMatch(packet -> packet.startsWith("ICMP 127.0.0.1 > 127.0.0.1, echo re"));
    assertThat(packets(watched("--journeys", "--since", "10m", "--only", "port=4242")))
        .hasSize(1)
        .allMatch(packet -> packet.startsWith("UDP 127.0.0.1."));
    assertThat(packets(watched("--journeys", "--not", "protocol=icmp"))).hasSize(1);
    assertThat(watched("--journeys", "--since", "2026-01-01T00:00:00Z", "udp", "port", "4242"))
        .hasSize(1);
    assertThat(watched("--since", "1ms")).isEmpty();
  }

  @Test
  void a_finding_is_explained_again_by_its_id() {
    JsonLine finding = findings().getFirst();
    ProcessResult explained = vethtrace("explain", "--id", finding.text("id"));
    assertThat(explained.exitCode()).as(explained.stderr()).isEqualTo(FAULT_FOUND);
    assertThat(JsonLine.parseLines(explained.stdout()).getFirst().object("finding"))
        .isEqualTo(finding);

    ProcessResult unknown = vethtrace("explain", "--id", "none-1");
    assertThat(unknown.exitCode()).isEqualTo(USAGE);
    assertThat(unknown.stderr()).startsWith("vethtrace: no finding 'none-1' in").hasLineCount(1);
  }
}
