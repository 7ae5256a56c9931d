package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vethtrace drops} and {@code reasons}, of echo requests that a rule drops. */
final class DropsTest {
  private static final int NOT_POSSIBLE = 3;
  private static final int PACKETS = 300;

  @TempDir private static Path folder;
  private static TwoHosts hosts;
  private static ServedDaemon daemon;

  @BeforeAll
  static void serve() {
    Machine.assumeRoot();
    Machine.assumeProgram("nft");
    daemon = ServedDaemon.start(folder);
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

  private static Finished run(String... arguments) {
    return Finished.of(daemon.command(arguments).toArray(String[]::new));
  }

  private static void ping() {
    Finished ping =
        hosts.tryHere("ping", "-q", "-c", "" + PACKETS, "-i", "0.002", "-W", "1", "10.77.0.2");
    assertThat(ping.stdout()).contains(PACKETS + " packets transmitted, 0 received");
  }

  /** How many the kernel has counted. */
  private static long counted() {
    Finished stats =
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
    List<Json> counts = Json.parse(stats.stdout()).objects("counts");
    assertThat(counts).hasSizeLessThanOrEqualTo(1);
    return counts.stream()
        .peek(count -> assertThat(count.text("interface")).isEqualTo("veth1"))
        .mapToLong(count -> Long.parseLong(count.text("packets")))
        .sum();
  }

  @Test
  void each_dropped_packet_is_shown_once_and_counted_once() {
    long before = counted();
    try (Running live =
        Running.start(daemon.command("-o", "json", "drops", "--netns", hosts.there(), "icmp"))) {
      Await.until("the daemon has the client", () -> clients() == 1);
      ping();
      Await.until("all drops are shown", () -> shown(live).size() >= PACKETS);
      live.signalGroup("INT");
      Finished finished = live.finish();
      assertThat(finished.exitCode()).as(finished.stderr()).isZero();
      assertThat(shown(live))
          .hasSize(PACKETS)
          .allSatisfy(drop -> {
            assertThat(drop.text("reason")).isEqualTo("NETFILTER_DROP");
            assertThat(drop.text("interface")).isEqualTo("veth1");
            assertThat(drop.text("netns")).isEqualTo(hosts.there());
            assertThat(drop.text("place")).isEqualTo("nf_hook_slow");
            assertThat(drop.text("packet")).startsWith("ICMP 10.77.0.1 > 10.77.0.2, echo request");
          });
    }
    assertThat(counted() - before).isEqualTo(PACKETS);
  }

  private static int clients() {
    return Integer.parseInt(Json.parse(run("-o", "json", "status").stdout()).text("clients"));
  }

  /** Without the line that is being written. */
  private static List<Json> shown(Running live) {
    String whole = live.stdout().substring(0, live.stdout().lastIndexOf('\n') + 1);
    return new ArrayList<>(
        Json.parseLines(whole).stream()
            .filter(line -> line.has("drop"))
            .map(line -> line.object("drop"))
            .toList());
  }

  @Test
  void a_drop_and_the_sums_are_readable_for_people() {
    try (Running live = Running.start(daemon.command("drops", "--netns", hosts.there()))) {
      Await.until("the daemon has the client", () -> clients() == 1);
      hosts.tryHere("ping", "-q", "-c", "1", "-W", "1", "10.77.0.2");
      Await.until("the drop is shown", () -> live.stdout().contains("echo request"));
      live.signalGroup("INT");
      assertThat(live.finish().stdout())
          .contains("NETFILTER_DROP in nf_hook_slow on veth1 (netns " + hosts.there() + ")")
          .contains("(A rule of nftables")
          .containsPattern("(?m)^packets +reason +interface +netns +place$")
          .containsPattern("(?m)^ +1 +NETFILTER_DROP +veth1 +vt-drops-\\d+-b +nf_hook_slow$");
    }
  }

  @Test
  void reasons_are_the_running_kernels_own_with_an_explanation_each() {
    Finished all = run("-o", "json", "reasons");
    assertThat(all.exitCode()).as(all.stderr()).isZero();
    assertThat(Json.parseLines(all.stdout()))
        .hasSizeGreaterThan(50)
        .allSatisfy(reason -> assertThat(reason.text("explanation")).endsWith("."));
    Finished some = run("reasons", "neigh_f");
    assertThat(some.stdout()).containsPattern("^ *\\d+ +NEIGH_FAILED +Nobody answered ARP");
    Finished none = run("reasons", "nosuchreason");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.stderr()).hasLineCount(1).contains("no drop reason named like nosuchreason");
  }

  @Test
  void without_a_daemon_there_is_nothing_that_has_counted_since_then() {
    Finished since =
        Finished.of(
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
