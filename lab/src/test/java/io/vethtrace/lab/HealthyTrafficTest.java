package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever watches traffic that is well is told of nothing, however long it goes on. */
final class HealthyTrafficTest {
  private static final long SIGHTS = 1000;

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  @Test
  void pings_streams_and_broadcasts_that_go_on_are_no_fault() {
    Finished run = Finished.of(Installation.file("lab/guest/healthy.sh"), Installation.home(), "8");
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(run.stderr()).isEmpty();
    Json ring = Json.parse(run.stdout()).objects("stages").getFirst();
    assertThat(Long.parseLong(ring.text("delivered"))).isGreaterThan(SIGHTS);
    assertThat(ring.text("lost")).isEqualTo("0");
  }
}
