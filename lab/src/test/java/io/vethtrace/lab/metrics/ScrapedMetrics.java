package io.vethtrace.lab.metrics;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.JsonLine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Assertions of {@link PrometheusTest} about one run; {@code lab/guest/metrics.sh} has the numbers.
 */
record ScrapedMetrics(MetricsRun run, Prometheus prometheus) {
  private static final long FIREWALL = 2000;
  private static final int CLOSED_PORT = 30;
  private static final int TOO_LARGE = 20;
  private static final int LOCAL_SOURCE = 15;
  private static final int REVERSE_PATH = 10;

  /**
   * The seconds that Prometheus runs on after the daemon ended, so that the alert about it fires.
   */
  private static final int AFTERWARDS_SECONDS = 6;

  /** The left operand of an alert's comparison. */
  private static final Pattern THRESHOLD = Pattern.compile("[<>=]+ [0-9.]+\\s*$");

  /** Returns true if fib_validate_source cannot be traced. */
  private boolean isBlind() {
    return !isAbsent("vethtrace_probe_info{probe='fib_validate_source',mechanism='none'}");
  }

  private boolean isAbsent(String expr) {
    return prometheus.query(expr, run.ended()).isEmpty();
  }

  private double value(String expr) {
    List<Prometheus.Series> series = prometheus.query(expr, run.ended());
    assertThat(series).as(expr).hasSize(1);
    return series.getFirst().value();
  }

  private Map<String, Double> values(String expr, String label) {
    return prometheus.query(expr, run.ended()).stream()
        .collect(
            toMap(
                series -> series.label(label),
                Prometheus.Series::value,
                Double::sum,
                TreeMap::new));
  }

  void assertMostEventsLost() {
    String events = "sum(vethtrace_probe_events_total{outcome='%s'})";
    assertThat(value(events.formatted("lost"))).isGreaterThan(value(events.formatted("delivered")));
  }

  private double drops(String netns, String device, String reason) {
    return value(
        "vethtrace_drops_total{netns='%s-%s', interface='%s', reason='%s'}"
            .formatted(run.netns(), netns, device, reason));
  }

  void assertExactDrops() {
    assertThat(run.ruled()).isEqualTo(FIREWALL * run.rounds());
    assertThat(drops("red", "veth1", "NETFILTER_DROP")).isEqualTo((double) run.ruled());
    assertThat(drops("red", "veth1", "NO_SOCKET")).isEqualTo(CLOSED_PORT * run.rounds());
    assertThat(drops("filter", "veth7", "IP_RPFILTER")).isEqualTo(REVERSE_PATH * run.rounds());
  }

  /**
   * Checks that two counters have the same number: both count these packets on the whole machine.
   */
  void assertExactPlaces() {
    String sums = "sum by (reason) (%s{reason=~'NETFILTER_DROP|IP_RPFILTER'})";
    assertThat(values(sums.formatted("vethtrace_drop_places_total"), "reason"))
        .isEqualTo(values(sums.formatted("vethtrace_drops_total"), "reason"))
        .containsOnlyKeys("NETFILTER_DROP", "IP_RPFILTER");
  }

  /**
   * Checks that refused sources are exact, or not counted at all if the function cannot be traced.
   */
  void assertExactRefusals() {
    String refusals =
        "sum by (interface) (vethtrace_source_validation_failures_total{netns=~'%s-.*'})"
            .formatted(run.netns());
    Map<String, Double> expected =
        Map.of(
            "veth5", (double) LOCAL_SOURCE * run.rounds(),
            "veth7", (double) REVERSE_PATH * run.rounds());
    assertThat(values(refusals, "interface")).isEqualTo(isBlind() ? Map.of() : expected);
  }

  void assertExactLoss() {
    String frames =
        "sum(vethtrace_interface_frames_total{netns='%s-%s', interface='%s', direction='%s'})";
    String sent = frames.formatted(run.netns(), "blue", "veth2", "transmit");
    String received = frames.formatted(run.netns(), "red", "veth3", "receive");
    assertThat(value("%s - (%s or vector(0))".formatted(sent, received)))
        .isEqualTo(TOO_LARGE * run.rounds());
  }

  /** Checks the panel's query too, in which a series that has just begun counts in full. */
  void assertTableIsExact() {
    DashboardQuery table =
        DashboardQuery.ofDashboards().stream()
            .filter(query -> query.where().equals("drops.json: Counted in this range (A)"))
            .findFirst()
            .orElseThrow();
    assertThat(prometheus.query(table.expr(), run.ended()))
        .anySatisfy(series -> {
          assertThat(series.label("netns")).isEqualTo(run.netns() + "-red");
          assertThat(series.label("reason")).isEqualTo("NETFILTER_DROP");
          assertThat(series.value()).isEqualTo((double) run.ruled());
        });
  }

  void assertAlerts() {
    String fired = "max by (alertname) (max_over_time(ALERTS{alertstate='firing'}[5m]))";
    assertThat(prometheus.query(fired, run.ended() + AFTERWARDS_SECONDS))
        .extracting(series -> series.label("alertname"))
        .contains(
            "VethtracePacketsDropped",
            "VethtraceVethLoss",
            "VethtraceEventsLost",
            "VethtraceDown",
            isBlind() ? "VethtraceProbeBlind" : "VethtraceSourceRefused");
  }

  /**
   * Checks that a query has series with numbers, each with the labels that the panel's legend uses.
   */
  void assertShape(DashboardQuery query) {
    List<Prometheus.Series> result =
        query.isInstant()
            ? prometheus.query(query.expr(), run.ended())
            : prometheus.query(query.expr(), run.began(), run.ended());
    if (isNothing(query)) {
      assertThat(result).as(query.expr()).isEmpty();
      return;
    }
    assertThat(result).as(query.expr()).isNotEmpty();
    assertThat(result).allSatisfy(series -> assertNamed(series, query.labels()));
    assertThat(result)
        .as(query.expr())
        .anySatisfy(series -> assertThat(series.values()).anyMatch(Double::isFinite));
  }

  private static void assertNamed(Prometheus.Series series, Set<String> labels) {
    assertThat(series.labels()).containsKeys(labels.toArray(String[]::new));
  }

  /**
   * Returns true if a query has no data here: the daemon starts once, a probe point without a hook
   * counts nothing, and a daemon without history has no metrics of it.
   */
  private boolean isNothing(DashboardQuery query) {
    return query.where().endsWith("annotation Daemon starts")
        || (isOf(query, "vethtrace_source_validation_failures_total") && isBlind())
        || (isOf(query, "vethtrace_history_") && isAbsent("vethtrace_history_items"));
  }

  /** Checks that such a query has no series at all. */
  private static boolean isOf(DashboardQuery query, String metric) {
    return query.expr().contains(metric)
        && !query.expr().contains(" or 0 * sum(vethtrace_uptime_seconds");
  }

  /** Checks that an alert has something to compare, even if it does not fire. */
  void assertData(JsonLine alert) {
    String expr = alert.text("expr");
    String compared = THRESHOLD.matcher(expr).replaceFirst("");
    assertThat(compared).isNotEqualTo(expr);
    assertThat(isAbsent(compared)).as(compared).isEqualTo(isNothing(expr));
  }

  /** Returns true if an alert needs a probe point without a hook, and this kernel has all hooks. */
  private boolean isNothing(String expr) {
    return isBlind()
        ? expr.contains("source_validation_failures")
        : expr.contains("mechanism=\"none\"");
  }
}
