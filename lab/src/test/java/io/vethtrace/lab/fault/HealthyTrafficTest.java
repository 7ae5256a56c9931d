package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that a client gets no finding about healthy traffic, and a finding when a fault begins. */
final class HealthyTrafficTest {
  private static final long MIN_EVENTS = 1000;

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  @Test
  void healthy_traffic_has_no_finding_until_a_fault_begins() {
    ProcessResult run =
        ProcessResult.of(Installation.file("lab/guest/healthy.sh"), Installation.home(), "8");
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(run.stderr()).isEmpty();
    List<JsonLine> lines = JsonLine.parseLines(run.stdout());
    JsonLine ring = lines.getFirst().objects("stages").getFirst();
    assertThat(Long.parseLong(ring.text("delivered"))).isGreaterThan(MIN_EVENTS);
    assertThat(ring.text("lost")).isEqualTo("0");
    assertThat(lines.get(1).object("finding").text("cause")).isEqualTo("ARP_IGNORED");
  }
}
