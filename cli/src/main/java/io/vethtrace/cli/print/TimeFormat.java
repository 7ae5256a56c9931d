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
 * How moments are written.
 *
 * @param kind which clock
 * @param zone this machine's
 * @param origin when this program began
 */
public record TimeFormat(Kind kind, ZoneId zone, Instant origin) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final DateTimeFormatter DATED = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** The clocks. */
  public enum Kind {
    LOCAL,
    UTC,
    /** Seconds since this program began. */
    RELATIVE
  }

  /** On this machine, from now on. */
  public static TimeFormat of(Kind kind) {
    return new TimeFormat(kind, ZoneId.systemDefault(), Instant.now());
  }

  /** {@code unixNs}: nanoseconds since 1970-01-01 UTC; 0 is no moment, and empty. */
  public String of(long unixNs) {
    return unixNs == 0 ? "" : of(Instant.EPOCH.plusNanos(unixNs));
  }

  /** Likewise, with the day. */
  public String dated(long unixNs) {
    Instant moment = Instant.EPOCH.plusNanos(unixNs);
    return switch (kind) {
      case LOCAL -> DATED.format(moment.atZone(zone));
      case UTC -> DATED.format(moment.atZone(ZoneOffset.UTC)) + "Z";
      case RELATIVE -> of(moment);
    };
  }

  /** From one moment, with its day, to another. */
  String span(long fromUnixNs, long toUnixNs) {
    LocalDate day =
        LocalDate.ofInstant(
            Instant.EPOCH.plusNanos(fromUnixNs), kind == Kind.UTC ? ZoneOffset.UTC : zone);
    String from = of(fromUnixNs);
    return "%s to %s".formatted(kind == Kind.RELATIVE ? from : day + " " + from, of(toUnixNs));
  }

  private String of(Instant moment) {
    return switch (kind) {
      case LOCAL -> TIME.format(LocalTime.ofInstant(moment, zone));
      case UTC -> TIME.format(LocalTime.ofInstant(moment, ZoneOffset.UTC)) + "Z";
      case RELATIVE ->
          String.format(Locale.ROOT, "%+.3f s", Duration.between(origin, moment).toNanos() / 1e9);
    };
  }
}
