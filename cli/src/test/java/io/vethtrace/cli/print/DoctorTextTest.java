package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.Fixture;
import io.vethtrace.v1.Check;
import io.vethtrace.v1.DoctorResponse;
import org.junit.jupiter.api.Test;

class DoctorTextTest {
  @Test
  void each_check_has_its_remedy_and_each_reason_is_said_once() {
    assertThat(DoctorText.of(Fixture.doctor(), Style.PLAIN)).isEqualTo(Fixture.text("doctor.txt"));
  }

  @Test
  void the_first_line_tells_all_three_verdicts_apart() {
    DoctorResponse.Builder doctor = DoctorResponse.newBuilder().setTracingPossible(true);
    doctor.addChecksBuilder().setState(Check.State.OK);
    assertThat(headline(doctor)).isEqualTo("✓ tracing works here, without limits");
    doctor.addChecksBuilder().setState(Check.State.LIMITED);
    assertThat(headline(doctor)).isEqualTo("! tracing works here, with limits");
    assertThat(headline(doctor.setTracingPossible(false)))
        .startsWith("✗ tracing is not possible here");
  }

  private static String headline(DoctorResponse.Builder doctor) {
    return DoctorText.of(doctor.build(), Style.PLAIN).lines().findFirst().orElse("");
  }
}
