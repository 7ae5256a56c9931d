package io.vethtrace.cli.print;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The format of times.
 *
 * @param clock the clock
 * @param zone the time zone of this machine
 * @param origin the time at which this program began
 */
public record TimeFormat(Clock clock, ZoneId zone, Instant origin) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final DateTimeFormatter DATED = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** The clocks. */
  public enum Clock {
    LOCAL,
    UTC,
    /** Seconds since this program began. */
    RELATIVE
  }

  /** Returns a format for this machine whose origin is now. */
  public static TimeFormat of(Clock clock) {
    return new TimeFormat(clock, ZoneId.systemDefault(), Instant.now());
  }

  /** Returns the time of day of nanoseconds since 1970-01-01 UTC; empty for 0. */
  public String of(long unixNs) {
    return unixNs == 0 ? "" : of(Instant.EPOCH.plusNanos(unixNs));
  }

  /** Returns the date and the time of day. */
  public String dated(long unixNs) {
    Instant moment = Instant.EPOCH.plusNanos(unixNs);
    return switch (clock) {
      case LOCAL -> DATED.format(moment.atZone(zone));
      case UTC -> DATED.format(moment.atZone(ZoneOffset.UTC)) + "Z";
      case RELATIVE -> of(moment);
    };
  }

  /** Returns a span of time, with the date of its beginning. */
  String span(long fromUnixNs, long toUnixNs) {
    LocalDate day =
        LocalDate.ofInstant(
            Instant.EPOCH.plusNanos(fromUnixNs), clock == Clock.UTC ? ZoneOffset.UTC : zone);
    String from = of(fromUnixNs);
    return "%s to %s".formatted(clock == Clock.RELATIVE ? from : day + " " + from, of(toUnixNs));
  }

  private String of(Instant moment) {
    return switch (clock) {
      case LOCAL -> TIME.format(LocalTime.ofInstant(moment, zone));
      case UTC -> TIME.format(LocalTime.ofInstant(moment, ZoneOffset.UTC)) + "Z";
      case RELATIVE ->
          String.format(Locale.ROOT, "%+.3f s", Duration.between(origin, moment).toNanos() / 1e9);
    };
  }
}
