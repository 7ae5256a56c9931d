package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ProbeVisibility;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.trace.Hook;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CauseDetectabilityTest {
  private static final Set<Hook> ALL = EnumSet.complementOf(EnumSet.of(Hook.UNSPECIFIED));
  private static final Set<Hook> BLIND = without(Hook.FIB_VALIDATE_SOURCE);

  private static Set<Hook> without(Hook hook) {
    Set<Hook> seen = EnumSet.copyOf(ALL);
    seen.remove(hook);
    return seen;
  }

  private static Optional<Confidence> confidence(Cause cause, ProbeVisibility visible) {
    return CauseDetectability.of(visible).stream()
        .filter(outlook -> outlook.causes().contains(cause))
        .findFirst()
        .orElseThrow()
        .confidence();
  }

  private static ProbeVisibility visible(Set<Hook> seen, DropReasons reasons) {
    return new ProbeVisibility(seen, reasons, true, true);
  }

  @Test
  void every_cause_is_told_of_once_whatever_is_seen() {
    for (Set<Hook> seen : List.of(ALL, BLIND, Set.<Hook>of())) {
      assertThat(
              CauseDetectability.of(visible(seen, TestKernel.V6_1.reasons())).stream()
                  .flatMap(outlook -> outlook.causes().stream()))
          .containsExactlyInAnyOrderElementsOf(Arrays.asList(Cause.values()));
    }
  }

  @Test
  void where_every_point_is_watched_a_refused_source_is_observed() {
    ProbeVisibility visible = visible(ALL, DropReasons.none());
    assertThat(confidence(Cause.SOURCE_ADDRESS_IS_LOCAL, visible)).hasValue(Confidence.OBSERVED);
    assertThat(confidence(Cause.INVALID_SOURCE, visible)).hasValue(Confidence.OBSERVED);
    assertThat(confidence(Cause.LOOPBACK_DOWN, visible)).hasValue(Confidence.OBSERVED);
  }

  @Test
  void where_fib_validate_source_is_blind_it_is_inferred_from_settings() {
    ProbeVisibility visible = visible(BLIND, TestKernel.V6_1.reasons());
    assertThat(confidence(Cause.SOURCE_ADDRESS_IS_LOCAL, visible)).hasValue(Confidence.INFERRED);
    assertThat(confidence(Cause.INVALID_SOURCE, visible)).isEmpty();
  }

  @Test
  void a_kernel_with_the_drop_reason_shows_an_invalid_source_all_the_same() {
    assertThat(confidence(Cause.INVALID_SOURCE, visible(BLIND, TestKernel.V7_3.reasons())))
        .hasValue(Confidence.OBSERVED);
  }

  @Test
  void without_settings_a_blind_kernel_has_drop_reasons_alone() {
    ProbeVisibility old = new ProbeVisibility(BLIND, DropReasons.none(), true, false);
    assertThat(confidence(Cause.REVERSE_PATH_FILTER, old)).isEmpty();
    ProbeVisibility later = new ProbeVisibility(BLIND, TestKernel.V7_3.reasons(), true, false);
    assertThat(confidence(Cause.REVERSE_PATH_FILTER, later)).hasValue(Confidence.OBSERVED);
  }

  @Test
  void drops_need_kfree_skb() {
    ProbeVisibility visible = visible(without(Hook.KFREE_SKB), TestKernel.V7_3.reasons());
    assertThat(confidence(Cause.LOOPBACK_DOWN, visible)).isEmpty();
    assertThat(confidence(Cause.NEIGHBOUR_UNANSWERED, visible)).hasValue(Confidence.INFERRED);
  }

  @Test
  void where_nothing_can_be_watched_nothing_is_found() {
    assertThat(CauseDetectability.of(visible(Set.of(), TestKernel.V7_3.reasons())))
        .allMatch(outlook -> outlook.confidence().isEmpty());
  }
}
