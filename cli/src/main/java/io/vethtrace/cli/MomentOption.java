package io.vethtrace.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A time that has passed: {@code 90s}, {@code 10m} or {@code 2h} ago, {@code 14:30} or {@code
 * 14:30:05} today, an instant of ISO 8601, or {@code start}, which is when the daemon began.
 */
final class MomentOption implements ITypeConverter<Instant> {
  private static final Pattern AGO = Pattern.compile("(\\d{1,7})([smhd])");

  @Override
  public Instant convert(String text) {
    Matcher ago = AGO.matcher(text);
    if (text.equals("start")) {
      return Instant.EPOCH;
    }
    if (ago.matches()) {
      return Instant.now().minus(Duration.parse(period(ago.group(1), ago.group(2))));
    }
    try {
      return text.contains("T") ? Instant.parse(text) : today(LocalTime.parse(text));
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "'%s' is no time that has passed; write 10m (ago), 14:30, 2026-11-28T14:30:00Z or start"
              .formatted(text));
    }
  }

  private static String period(String number, String unit) {
    return unit.equals("d") ? "P" + number + "D" : "PT" + number + unit;
  }

  /** Of the last day: a time of day that is still to come was yesterday's. */
  private static Instant today(LocalTime time) {
    ZoneId zone = ZoneId.systemDefault();
    Instant today = LocalDate.now(zone).atTime(time).atZone(zone).toInstant();
    return today.isAfter(Instant.now())
        ? LocalDate.now(zone).minusDays(1).atTime(time).atZone(zone).toInstant()
        : today;
  }
}
