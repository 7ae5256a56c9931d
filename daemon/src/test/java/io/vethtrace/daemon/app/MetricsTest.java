package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.fixture.MetricsScrape;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.libbpf.MappedMemory;
import io.vethtrace.daemon.metrics.Metrics;
import io.vethtrace.daemon.metrics.MetricsAddress;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.object.TraceFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The exposition of a daemon that traces one namespace of the test's own on the running kernel,
 * with a ring of one page, so that most events are lost.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MetricsTest {
  private static final String NETNS = "vt-metrics-" + ProcessHandle.current().pid();
  private static final String NEXT = NETNS + "-next";
  private static final int SENT = 20_000;
  private static final int PAIRS = 1_000;
  private static final int FRAMES = 3;
  private static final int FRAME_BYTES = 60;

  /** The folded series of frames on veths, one a direction. */
  private static final int FOLDED = 2;

  /** Metrics of which there may be nothing to show, as docs/metrics.md says of each. */
  private static final Set<String> MAY_BE_ABSENT =
      Set.of(
          "vethtrace_findings_total",
          "vethtrace_source_validation_failures_total",
          "vethtrace_veth_pair_info",
          "vethtrace_probe_seconds_total",
          "vethtrace_probe_runs_total");

  private Daemon daemon;
  private Metrics metrics;

  @BeforeEach
  void start() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "loads BPF programs: needs root");
    int netns = make(NETNS);
    TraceFilter filter = new TraceFilter(Optional.empty(), List.of(netns), List.of());
    ProbeOptions options = new ProbeOptions(MappedMemory.pageBytes(), filter);
    HistoryLimits history = HistoryLimits.of(1 << 20, Duration.ofMinutes(1));
    daemon = Daemon.start(options, history, () -> {});
    metrics = daemon.serveMetrics(MetricsAddress.parse("0"), () -> true);
  }

  /** Its inode. */
  private static int make(String netns) throws Exception {
    run("ip", "netns", "add", netns);
    // What nobody sent would be counted too.
    inside(netns, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
    inside(netns, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
    inside(netns, "ip", "link", "set", "lo", "up");
    return inode(netns);
  }

  /**
   * Makes a namespace that gets the inode of the one that is gone, once the kernel has removed
   * that.
   */
  private static void makeNext(int inode) throws Exception {
    for (int i = 0; i < 100; i++) {
      if (make(NEXT) == inode) {
        return;
      }
      run("ip", "netns", "del", NEXT);
      Thread.sleep(50);
    }
    abort("somebody else got the inode");
  }

  private static int inode(String netns) throws IOException {
    return (int) (long) (Long) Files.getAttribute(Path.of("/run/netns", netns), "unix:ino");
  }

  @AfterEach
  void stop() throws Exception {
    if (metrics != null) {
      metrics.close();
    }
    if (daemon != null) {
      daemon.close();
    }
    for (String netns : List.of(NETNS, NEXT)) {
      if (Files.exists(Path.of("/run/netns", netns))) {
        run("ip", "netns", "del", netns);
      }
    }
  }

  @Test
  void drops_and_frames_are_exact_while_most_events_are_lost() throws Exception {
    sendToNobody(NETNS, SENT);
    MetricsScrape scrape = scrape();
    double frames = sysfs("tx_packets");
    assertThat(kernelCounter("UdpNoPorts")).isEqualTo(SENT);
    assertThat(
            scrape.value(
                "vethtrace_drops_total", "reason=NO_SOCKET", "interface=lo", "netns=" + NETNS))
        .isEqualTo(SENT);
    for (String direction : List.of("direction=transmit", "direction=receive")) {
      String[] labels = {"interface=lo", "netns=" + NETNS, "kind=loopback", direction};
      assertThat(scrape.value("vethtrace_interface_frames_total", labels)).isEqualTo(frames);
      // drivers/net/loopback.c counts behind the MAC header
      assertThat(scrape.value("vethtrace_interface_bytes_total", labels))
          .isEqualTo(sysfs("tx_bytes") + 14 * frames);
    }
    assertThat(scrape.value("vethtrace_probe_events_total", "probe=kfree_skb", "outcome=lost"))
        .isGreaterThan(SENT / 2.0);
    assertThat(scrape.value("vethtrace_stage_events_total", "stage=ring", "outcome=lost"))
        .isGreaterThan(SENT);
    assertThat(scrape.sum("vethtrace_probe_missed_total")).isZero();
  }

  @Test
  void two_thousand_interfaces_that_come_and_go_leave_few_series_and_exact_sums() throws Exception {
    addPairs();
    sendOnEach();
    assertBoundedAndExact();
    assertThat(folded()).isGreaterThanOrEqualTo(4.0 * PAIRS - Metrics.SERIES_MAX);
    run("ip", "netns", "del", NETNS);
    awaitFolding();
    assertBoundedAndExact();
    assertThat(folded()).isEqualTo(4.0 * PAIRS);
    assertThat(scrape().sum("vethtrace_kernel_map_full_total")).isZero();
  }

  /** The kernel gives the lowest inode that is free, and lo is number 1 everywhere. */
  @Test
  void a_namespace_that_gets_the_inode_of_another_does_not_get_its_counts() throws Exception {
    int inode = inode(NETNS);
    sendToNobody(NETNS, SENT);
    run("ip", "netns", "del", NETNS);
    makeNext(inode);
    sendToNobody(NEXT, 3);
    MetricsScrape scrape = scrape();
    String reason = "reason=NO_SOCKET";
    assertThat(scrape.value("vethtrace_drops_total", reason, "netns=" + NEXT)).isEqualTo(3);
    assertThat(scrape.sum("vethtrace_drops_total", reason)).isEqualTo(SENT + 3);
  }

  /** Two looks, while the kernel takes two thousand interfaces away: the timeout above ends it. */
  private void awaitFolding() throws InterruptedException {
    while (scrape().count("vethtrace_interface_frames_total") != FOLDED) {
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private double folded() {
    return scrape()
        .value("vethtrace_series_folded_total", "metric=vethtrace_interface_frames_total");
  }

  /** Each frame is sent once, comes in once, and is dropped there, as no protocol takes it. */
  private void assertBoundedAndExact() {
    double sent = 2.0 * PAIRS * FRAMES;
    MetricsScrape scrape = scrape();
    assertThat(scrape.count("vethtrace_interface_frames_total"))
        .isLessThanOrEqualTo(Metrics.SERIES_MAX + FOLDED);
    for (String direction : List.of("direction=transmit", "direction=receive")) {
      assertThat(scrape.sum("vethtrace_interface_frames_total", direction)).isEqualTo(sent);
      assertThat(scrape.sum("vethtrace_interface_bytes_total", direction))
          .isEqualTo(sent * FRAME_BYTES);
    }
    // Sockets of ip that close with something unread in them are drops too, of another reason.
    assertThat(scrape.sum("vethtrace_drops_total", "reason=UNHANDLED_PROTO")).isEqualTo(sent);
  }

  @Test
  void promtool_finds_nothing_wrong() throws Exception {
    sendToNobody(NETNS, 1);
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (var in = promtool.getOutputStream()) {
      in.write(scrape().text().getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void every_metric_is_documented_and_every_documented_one_is_there() throws Exception {
    sendToNobody(NETNS, 1);
    AwaitOtherThread.until(
        "a journey was counted", () -> scrape().count("vethtrace_hop_latency_seconds_count") > 0);
    Set<String> documented = documented();
    Set<String> exposed = scrape().families();
    assertThat(documented).containsAll(exposed);
    Set<String> missing = new TreeSet<>(documented);
    missing.removeAll(exposed);
    missing.removeAll(MAY_BE_ABSENT);
    missing.removeIf(name -> name.startsWith("vethtrace_jvm_gc_"));
    assertThat(missing).isEmpty();
  }

  @Test
  void an_exemplar_is_the_id_of_a_finding_that_the_history_has() throws Exception {
    sendToNobody(NETNS, 1);
    AwaitOtherThread.until(
        "the fault was found", () -> scrape().count("vethtrace_findings_total") > 0);
    Matcher exemplar =
        Pattern.compile("vethtrace_findings_total\\{.*# \\{finding_id=\"([^\"]+)\"}")
            .matcher(MetricsScrape.openMetrics(metrics.address()));
    assertThat(exemplar.find()).isTrue();
    assertThat(daemon.stream().findings().read(WallClock.nowUnixNs()))
        .extracting(entry -> entry.item().id())
        .contains(exemplar.group(1));
  }

  @Test
  void the_metrics_themselves_are_no_client() {
    assertThat(scrape().value("vethtrace_clients")).isZero();
  }

  private static Set<String> documented() throws IOException {
    String page = Files.readString(Path.of("../docs/metrics.md"));
    Matcher rows = Pattern.compile("(?m)^\\| `(vethtrace_\\w+)").matcher(page);
    Set<String> names = new TreeSet<>();
    while (rows.find()) {
      names.add(rows.group(1));
    }
    return names;
  }

  private MetricsScrape scrape() {
    return MetricsScrape.of(metrics.address());
  }

  private static void sendToNobody(String netns, int datagrams) throws Exception {
    python(
        netns,
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(%d): s.sendto(b'hello', ('127.0.0.1', 9))
        """
            .formatted(datagrams));
  }

  private static void addPairs() throws Exception {
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < PAIRS; i++) {
      batch.append("link add a%d type veth peer name b%d\n".formatted(i, i));
      batch.append("link set a%d up\nlink set b%d up\n".formatted(i, i));
    }
    Path file = Files.createTempFile("vt-metrics", ".batch");
    try {
      Files.writeString(file, batch);
      run("ip", "-n", NETNS, "-batch", file.toString());
    } finally {
      Files.delete(file);
    }
  }

  /** EtherType 88b5 is for experiments (IEEE 802): nothing here takes it. */
  private static void sendOnEach() throws Exception {
    python(
        NETNS,
        """
        import socket
        frame = bytes.fromhex('ffffffffffff' '020000000001' '88b5') + bytes(46)
        for i in range(%d):
          for end in 'ab':
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            s.bind((end + str(i), 0))
            for n in range(%d): s.send(frame)
            s.close()
        """
            .formatted(PAIRS, FRAMES));
  }

  private static long kernelCounter(String name) throws Exception {
    return inside(NETNS, "nstat", "-az", name)
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.split("\\s+", 3)[1]))
        .sum();
  }

  private static double sysfs(String counter) throws Exception {
    return Double.parseDouble(inside(NETNS, "cat", "/sys/class/net/lo/statistics/" + counter));
  }

  private static void python(String netns, String program) throws Exception {
    inside(netns, "python3", "-c", program);
  }

  private static String inside(String netns, String... command) throws Exception {
    String[] all = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", netns}, 0, all, 0, 4);
    System.arraycopy(command, 0, all, 4, command.length);
    return run(all);
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
    return said;
  }
}
