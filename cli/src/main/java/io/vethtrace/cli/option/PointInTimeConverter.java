package io.vethtrace.cli.option;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a time in the past: {@code 90s}, {@code 10m} or {@code 2h} ago, {@code 14:30} or {@code
 * 14:30:05} today, a date and time of ISO 8601, which is local if it has no offset, or {@code
 * start}.
 */
public final class PointInTimeConverter implements ITypeConverter<PointInTime> {
  /** The accepted forms, for help and error messages. */
  public static final String FORMS = "10m (ago), 14:30 (local), 2026-11-28T14:30Z, or start";

  @Override
  public PointInTime convert(String text) {
    if (text.equals("start")) {
      return PointInTime.start();
    }
    try {
      return text.contains(":") || text.contains("T")
          ? new PointInTime.At(clock(text))
          : new PointInTime.Ago(new DurationConverter().convert(text));
    } catch (DateTimeException | TypeConversionException e) {
      throw new TypeConversionException(
          "'%s' is not a time in the past; write %s".formatted(text, FORMS));
    }
  }

  private static Instant clock(String text) {
    if (!text.contains("T")) {
      return today(LocalTime.parse(text));
    }
    return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
  }

  /** Returns the last time that a clock showed this; one that is still to come was yesterday's. */
  private static Instant today(LocalTime time) {
    ZoneId zone = ZoneId.systemDefault();
    Instant today = LocalDate.now(zone).atTime(time).atZone(zone).toInstant();
    return today.isAfter(Instant.now())
        ? LocalDate.now(zone).minusDays(1).atTime(time).atZone(zone).toInstant()
        : today;
  }
}
