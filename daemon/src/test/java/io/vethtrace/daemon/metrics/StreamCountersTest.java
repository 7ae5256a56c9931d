package io.vethtrace.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamCountersTest {
  private static final TestKernel KERNEL = TestKernel.V7_3;
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(200, 3, "veth1");

  private final StreamCounters counters = new StreamCounters();

  @Test
  void the_time_from_hop_to_hop_falls_into_a_bucket_of_microseconds() {
    counters.add(dropped());
    assertThat(openMetrics())
        .contains(
            "vethtrace_hop_latency_seconds_bucket"
                + "{from=\"veth_xmit\",to=\"netif_rx\",le=\"1.0E-6\"} 1\n")
        .contains("vethtrace_hop_latency_seconds_count{from=\"veth_xmit\",to=\"netif_rx\"} 1\n")
        .contains("vethtrace_hop_latency_seconds_sum{from=\"veth_xmit\",to=\"netif_rx\"} 1.0E-6\n");
  }

  @Test
  void a_bound_belongs_to_the_bucket_below_it_and_what_is_longer_than_all_to_the_last() {
    LatencyHistogram latency = new LatencyHistogram();
    latency.observe(1_000);
    latency.observe(1_001);
    latency.observe(5_000_000_000L);
    ClassicHistogramBuckets buckets =
        latency.snapshot(io.prometheus.metrics.model.snapshots.Labels.EMPTY).getClassicBuckets();
    assertThat(buckets.getCount(0)).isEqualTo(1);
    assertThat(buckets.getCount(1)).isEqualTo(1);
    assertThat(buckets.getCount(buckets.size() - 1)).isEqualTo(1);
  }

  @Test
  void a_finding_counts_by_its_cause_and_its_id_is_the_exemplar_of_it_and_of_its_hops() {
    Journey journey = dropped();
    counters.add(journey);
    counters.add(finding(journey), "f-42", 1_500);
    assertThat(openMetrics().lines())
        .anyMatch(line ->
            line.matches(
                "vethtrace_findings_total\\{cause=\"[A-Z_]+\",confidence=\"[A-Z]+\"} 1\\.0"
                    + " # \\{finding_id=\"f-42\"} 1\\.0 1\\.500"))
        .anyMatch(line ->
            line.startsWith("vethtrace_hop_latency_seconds_bucket{from=\"veth_xmit\"")
                && line.contains("le=\"1.0E-6\"")
                && line.endsWith("1 # {finding_id=\"f-42\"} 1.0E-6 1.500"));
  }

  @Test
  void a_finding_that_no_history_keeps_has_no_exemplar() {
    Journey journey = dropped();
    counters.add(journey);
    counters.add(finding(journey), "", 1_500);
    assertThat(openMetrics()).contains("vethtrace_findings_total{").doesNotContain("finding_id");
  }

  private static Journey dropped() {
    return TracedSkb.of(Packets.echo("192.168.1.1", "192.168.1.2", 1, 1))
        .across(VETH0, VETH1)
        .dropped(VETH1, KERNEL.reasons().number("QDISC_DROP").orElseThrow(), 1)
        .journey();
  }

  private static Finding finding(Journey journey) {
    Conversations conversations = new Conversations(1);
    Snapshot snapshot = new Snapshot(KERNEL.reasons(), KERNEL.symbols(), Set.of(), Map.of());
    return Diagnosis.of(List.of(conversations.add(journey)), snapshot).getFirst();
  }

  private String openMetrics() {
    return ExpositionFormats.init()
        .getOpenMetricsTextFormatWriter()
        .toDebugString(counters.collect(), EscapingScheme.UNDERSCORE_ESCAPING);
  }
}
