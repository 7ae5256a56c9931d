package io.vethtrace.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests {@code vethtrace watch FILTER} with a private daemon, and {@code record --filter}. */
final class WatchFilterTest {
  private static final int USAGE = 2;

  private final String netns = "vt-watch-" + ProcessHandle.current().pid();

  @BeforeEach
  void make_a_namespace_with_a_pair() {
    MachineRequirements.assumeRoot();
    run("ip", "netns", "add", netns);
    inside("ip", "link", "set", "lo", "up");
    inside("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
    inside("ip", "address", "add", "192.168.1.1/24", "dev", "veth0");
    inside("ip", "link", "set", "veth0", "up");
    inside("ip", "link", "set", "veth1", "up");
  }

  @AfterEach
  void remove_it() {
    ProcessResult.of("ip", "netns", "del", netns);
  }

  private static void run(String... command) {
    ProcessResult run = ProcessResult.of(command);
    assertThat(run.exitCode()).as("%s: %s", run.command(), run.stderr()).isZero();
  }

  private void inside(String... command) {
    run(
        Stream.concat(Stream.of("ip", "netns", "exec", netns), Stream.of(command))
            .toArray(String[]::new));
  }

  @Test
  void only_what_matches_is_shown() {
    try (ProcessSession watch =
        ProcessSession.start(
            Installation.vethtrace(), "-o", "json", "watch", "--netns", netns, "icmp", "or arp")) {
      Poll.until("a ping is seen", () -> isSeen(watch, "ping -c 1 127.0.0.1", "ICMP 127.0.0.1"));
      inside("sh", "-c", "echo x | socat -u - UDP4-SENDTO:127.0.0.1:53; ping -c 1 ::1");
      Poll.until(
          "an ARP request is seen",
          () -> isSeen(watch, "ping -c 1 -W 1 192.168.1.9 || true", "ARP who-has 192.168.1.9"));
      watch.signalGroup("INT");
      ProcessResult finished = watch.finish();
      assertThat(finished.exitCode()).as(finished.stderr()).isZero();
      assertThat(packets(finished.stdout()))
          .isNotEmpty()
          .allMatch(packet -> packet.startsWith("ICMP ") || packet.startsWith("ARP "));
    }
  }

  private boolean isSeen(ProcessSession watch, String traffic, String packet) {
    inside("sh", "-c", traffic);
    return packets(whole(watch.stdout())).stream().anyMatch(seen -> seen.startsWith(packet));
  }

  /** Returns all complete lines; the program may still write the last one. */
  private static String whole(String output) {
    return output.substring(0, output.lastIndexOf('\n') + 1);
  }

  private static List<String> packets(String output) {
    return JsonLine.parseLines(output).stream()
        .filter(line -> line.has("journey"))
        .map(line -> line.object("journey").text("packet"))
        .toList();
  }

  @Test
  void an_invalid_filter_gets_one_sentence_and_code_2() {
    Stream.of(
            List.of("watch", "tcpp"),
            List.of("record", "-w", "/dev/null", "--filter", "tcpp"),
            List.of("watch", "ip", "protochain", "6"))
        .forEach(WatchFilterTest::assertRefused);
  }

  private static void assertRefused(List<String> arguments) {
    ProcessResult run =
        ProcessResult.of(
            Stream.concat(Stream.of(Installation.vethtrace()), arguments.stream())
                .toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(USAGE);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr()).startsWith("vethtrace: no filter: '").hasLineCount(1);
  }
}
