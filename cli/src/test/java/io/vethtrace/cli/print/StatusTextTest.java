package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.Fixture;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void each_probe_has_a_row_and_says_why_it_is_not_better() {
    assertThat(StatusText.of(Fixture.status(), Style.PLAIN)).isEqualTo(Fixture.text("status.txt"));
  }
}
