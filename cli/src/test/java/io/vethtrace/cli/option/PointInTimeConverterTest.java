package io.vethtrace.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PointInTimeConverterTest {
  private static Instant moment(String text) {
    long unixNs = new PointInTimeConverter().convert(text).unixNs(PointInTime.nowUnixNs());
    return Instant.EPOCH.plusNanos(unixNs);
  }

  @ParameterizedTest
  @CsvSource({"90s,90", "10,10", "10m,600", "2h,7200", "1d,86400"})
  void a_duration_is_that_long_ago(String text, long seconds) {
    Instant before = Instant.now();
    Instant moment = moment(text);
    assertThat(moment).isBetween(before.minusSeconds(seconds), Instant.now().minusSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00:00", "14:30", "23:59:59"})
  void a_time_of_day_is_the_last_one_that_has_passed(String text) {
    Instant moment = moment(text);
    assertThat(LocalTime.ofInstant(moment, ZoneId.systemDefault()))
        .isEqualTo(LocalTime.parse(text));
    assertThat(moment)
        .isBeforeOrEqualTo(Instant.now())
        .isAfter(Instant.now().minus(Duration.ofHours(26)));
  }

  @Test
  void an_instant_is_itself_and_the_start_is_before_all() {
    assertThat(moment("2026-11-28T14:30:00Z")).isEqualTo("2026-11-28T14:30:00Z");
    assertThat(moment("start")).isEqualTo(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "25:00", "2026-11-28", "-5m"})
  void what_is_no_time_is_refused_with_what_to_write(String text) {
    assertThatThrownBy(() -> moment(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("write 10m (ago), 14:30");
  }
}
