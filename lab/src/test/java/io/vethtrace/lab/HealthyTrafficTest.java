package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever watches traffic that is well is told of nothing, and of what goes wrong then. */
final class HealthyTrafficTest {
  private static final long SIGHTS = 1000;

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  @Test
  void pings_streams_and_broadcasts_that_go_on_are_no_fault_until_one_comes() {
    Finished run = Finished.of(Installation.file("lab/guest/healthy.sh"), Installation.home(), "8");
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(run.stderr()).isEmpty();
    List<Json> lines = Json.parseLines(run.stdout());
    Json ring = lines.getFirst().objects("stages").getFirst();
    assertThat(Long.parseLong(ring.text("delivered"))).isGreaterThan(SIGHTS);
    assertThat(ring.text("lost")).isEqualTo("0");
    assertThat(lines.get(1).object("finding").text("cause")).isEqualTo("ARP_IGNORED");
  }
}
