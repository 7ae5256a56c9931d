package io.vethtrace.daemon.probe.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.RunningKernel;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The running kernel, whatever its mechanisms are. */
class TracingSelfTestTest {
  private static final int RING_BYTES = 1 << 20;

  @BeforeAll
  static void needs_root() throws IOException {
    RunningKernel.requireRoot();
  }

  @Test
  void it_finds_what_tracing_then_takes() {
    TracingSelfTest examination = TracingSelfTest.byTrying(RING_BYTES);
    assertThat(examination.ring()).isEqualTo(new TrialResult.Held("1 MiB"));
    assertThat(examination.tracingPossible()).isTrue();
    try (Probes probes = Probes.open(new ProbeOptions(RING_BYTES))) {
      assertThat(examination.probes())
          .extracting(ProbeStatus::name, ProbeStatus::mechanism, ProbeStatus::failures)
          .containsExactlyElementsOf(
              probes.status().stream()
                  .map(status -> tuple(status.name(), status.mechanism(), status.failures()))
                  .toList());
    }
  }

  @Test
  void it_leaves_nothing_in_the_kernel() throws IOException {
    TracingSelfTest.byTrying(
        RING_BYTES); // what is loaded once for the process is there from now on
    var before = RunningKernel.heldInKernel();
    TracingSelfTest.byTrying(RING_BYTES);
    assertThat(RunningKernel.heldInKernel()).isEqualTo(before);
  }
}
