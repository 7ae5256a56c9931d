package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimeFormatTest {
  private static final Instant ORIGIN = Instant.parse("2026-01-02T10:00:00Z");
  private static final long HALF_A_SECOND_LATER =
      ORIGIN.getEpochSecond() * 1_000_000_000L + 500_000_000L;

  private static TimeFormat times(TimeFormat.Clock kind) {
    return new TimeFormat(kind, ZoneId.of("Asia/Kolkata"), ORIGIN);
  }

  @Test
  void each_clock_writes_the_same_moment_in_its_own_way() {
    assertThat(times(TimeFormat.Clock.LOCAL).of(HALF_A_SECOND_LATER)).isEqualTo("15:30:00.500");
    assertThat(times(TimeFormat.Clock.UTC).of(HALF_A_SECOND_LATER)).isEqualTo("10:00:00.500Z");
    assertThat(times(TimeFormat.Clock.RELATIVE).of(HALF_A_SECOND_LATER)).isEqualTo("+0.500 s");
  }

  @Test
  void what_was_before_this_program_has_a_minus() {
    long before = HALF_A_SECOND_LATER - 2_000_000_000L;
    assertThat(times(TimeFormat.Clock.RELATIVE).of(before)).isEqualTo("-1.500 s");
  }

  @Test
  void a_day_stands_before_the_time_where_that_is_asked_for() {
    assertThat(
            times(TimeFormat.Clock.UTC)
                .span(HALF_A_SECOND_LATER, HALF_A_SECOND_LATER + 1_000_000_000))
        .isEqualTo("2026-01-02 10:00:00.500Z to 10:00:01.500Z");
    assertThat(times(TimeFormat.Clock.LOCAL).dated(HALF_A_SECOND_LATER))
        .isEqualTo("2026-01-02 15:30:00");
    assertThat(times(TimeFormat.Clock.UTC).dated(HALF_A_SECOND_LATER))
        .isEqualTo("2026-01-02 10:00:00Z");
    assertThat(times(TimeFormat.Clock.RELATIVE).dated(HALF_A_SECOND_LATER)).isEqualTo("+0.500 s");
  }

  @Test
  void no_moment_is_nothing() {
    assertThat(times(TimeFormat.Clock.UTC).of(0)).isEmpty();
  }
}
