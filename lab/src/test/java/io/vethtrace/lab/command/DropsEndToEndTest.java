package io.vethtrace.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.ListeningDaemon;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import io.vethtrace.lab.harness.TwoHosts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code vethtrace drops} and {@code reasons} with echo requests that a rule drops. */
final class DropsEndToEndTest {
  private static final int NOT_POSSIBLE = 3;
  private static final int PACKETS = 300;

  /**
   * Returns the kernel function that frees the packets: since 6.7 one of nftables (NF_DROP_REASON,
   * netfilter.h).
   */
  private static final String PLACE = "(nf_hook_slow|nft_do_chain)";

  @TempDir private static Path folder;
  private static TwoHosts hosts;
  private static ListeningDaemon daemon;

  @BeforeAll
  static void serve() {
    MachineRequirements.assumeRoot();
    MachineRequirements.assumeProgram("nft");
    daemon = ListeningDaemon.start(folder);
    hosts = new TwoHosts("vt-drops");
    hosts.runThere(
        "nft",
        "add table ip t; add chain ip t in { type filter hook input priority 0; };"
            + " add rule ip t in icmp type echo-request drop");
  }

  @AfterAll
  static void stop() {
    if (daemon != null) {
      daemon.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  private static ProcessResult run(String... arguments) {
    return ProcessResult.of(daemon.command(arguments).toArray(String[]::new));
  }

  private static void ping() {
    ProcessResult ping =
        hosts.tryHere("ping", "-q", "-c", "" + PACKETS, "-i", "0.002", "-W", "1", "10.77.0.2");
    assertThat(ping.stdout()).contains(PACKETS + " packets transmitted, 0 received");
  }

  /** Returns the number of packets that the rule's own counter has. */
  private static long counted() {
    ProcessResult stats =
        run(
            "-o",
            "json",
            "drops",
            "--since",
            "start",
            "--netns",
            hosts.there(),
            "--reason",
            "netfilter_drop",
            "--by",
            "reason,interface");
    assertThat(stats.exitCode()).as(stats.stderr()).isZero();
    List<JsonLine> counts = JsonLine.parse(stats.stdout()).objects("counts");
    assertThat(counts).hasSizeLessThanOrEqualTo(1);
    return counts.stream()
        .peek(count -> assertThat(count.text("interface")).isEqualTo("veth1"))
        .mapToLong(count -> Long.parseLong(count.text("packets")))
        .sum();
  }

  @Test
  void each_dropped_packet_is_shown_once_and_counted_once() {
    long before = counted();
    try (ProcessSession live =
        ProcessSession.start(
            daemon.command("-o", "json", "drops", "--netns", hosts.there(), "icmp"))) {
      Poll.until("the daemon has the client", () -> clients() == 1);
      ping();
      Poll.until("all drops are shown", () -> shown(live).size() >= PACKETS);
      live.signalGroup("INT");
      ProcessResult finished = live.finish();
      assertThat(finished.exitCode()).as(finished.stderr()).isZero();
      assertThat(shown(live))
          .hasSize(PACKETS)
          .allSatisfy(drop -> {
            assertThat(drop.text("reason")).isEqualTo("NETFILTER_DROP");
            assertThat(drop.text("interface")).isEqualTo("veth1");
            assertThat(drop.text("netns")).isEqualTo(hosts.there());
            assertThat(drop.text("place")).matches(PLACE);
            assertThat(drop.text("packet")).startsWith("ICMP 10.77.0.1 > 10.77.0.2, echo request");
          });
    }
    assertThat(counted() - before).isEqualTo(PACKETS);
  }

  private static int clients() {
    return Integer.parseInt(JsonLine.parse(run("-o", "json", "status").stdout()).text("clients"));
  }

  /** Returns all complete lines; the program may still write the last one. */
  private static List<JsonLine> shown(ProcessSession live) {
    String whole = live.stdout().substring(0, live.stdout().lastIndexOf('\n') + 1);
    return new ArrayList<>(
        JsonLine.parseLines(whole).stream()
            .filter(line -> line.has("drop"))
            .map(line -> line.object("drop"))
            .toList());
  }

  @Test
  void a_drop_and_the_sums_are_readable_for_people() {
    try (ProcessSession live =
        ProcessSession.start(daemon.command("drops", "--netns", hosts.there()))) {
      Poll.until("the daemon has the client", () -> clients() == 1);
      hosts.tryHere("ping", "-q", "-c", "1", "-W", "1", "10.77.0.2");
      Poll.until("the drop is shown", () -> live.stdout().contains("echo request"));
      live.signalGroup("INT");
      assertThat(live.finish().stdout())
          .containsPattern(
              "NETFILTER_DROP in %s on veth1 \\(netns %s\\)".formatted(PLACE, hosts.there()))
          .contains("(A rule of nftables")
          .containsPattern("(?m)^packets +reason +interface +netns +location$")
          .containsPattern(
              "(?m)^ +1 +NETFILTER_DROP +veth1 +%s +%s$".formatted(hosts.there(), PLACE));
    }
  }

  @Test
  void reasons_are_the_running_kernels_own_with_an_explanation_each() {
    ProcessResult all = run("-o", "json", "reasons");
    assertThat(all.exitCode()).as(all.stderr()).isZero();
    assertThat(JsonLine.parseLines(all.stdout()))
        .hasSizeGreaterThan(50)
        .allSatisfy(reason -> assertThat(reason.text("explanation")).endsWith("."));
    ProcessResult some = run("reasons", "neigh_f");
    assertThat(some.stdout()).containsPattern("^ *\\d+ +NEIGH_FAILED +Nobody answered ARP");
    ProcessResult none = run("reasons", "nosuchreason");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.stderr()).hasLineCount(1).contains("no drop reason named like nosuchreason");
  }

  @Test
  void without_a_daemon_there_is_nothing_that_has_counted_since_then() {
    ProcessResult since =
        ProcessResult.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs none /run && exec '%s' drops --since 10m"
                .formatted(Installation.vethtrace()));
    assertThat(since.exitCode()).isEqualTo(NOT_POSSIBLE);
    assertThat(since.stderr()).hasLineCount(1).contains("no daemon listens", "start vethtraced");
  }
}
