package io.vethtrace.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On the running kernel, whatever its mechanisms are. */
class ExaminationTest {
  private static final int RING_BYTES = 1 << 20;

  @BeforeAll
  static void needs_root() throws IOException {
    Native.requireRoot();
  }

  @Test
  void it_finds_what_tracing_then_takes() {
    Examination examination = Examination.byTrying(RING_BYTES);
    assertThat(examination.ring()).isEqualTo(new Attempt.Held("1 MiB"));
    assertThat(examination.tracingPossible()).isTrue();
    try (Probes probes = Probes.open(new ProbeOptions(RING_BYTES))) {
      assertThat(examination.probes())
          .extracting(ProbeStatus::name, ProbeStatus::mechanism, ProbeStatus::refusals)
          .containsExactlyElementsOf(
              probes.status().stream()
                  .map(status -> tuple(status.name(), status.mechanism(), status.refusals()))
                  .toList());
    }
  }

  @Test
  void it_leaves_nothing_in_the_kernel() throws IOException {
    Examination.byTrying(RING_BYTES); // what is loaded once for the process is there from now on
    var before = Native.heldInKernel();
    Examination.byTrying(RING_BYTES);
    assertThat(Native.heldInKernel()).isEqualTo(before);
  }
}
