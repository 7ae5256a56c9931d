package io.vethtrace.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as users write it: so long ago, or on a clock. */
sealed interface Moment {
  /** So long before what counts as now. */
  record Ago(Duration duration) implements Moment {}

  record At(Instant instant) implements Moment {}

  /** Nanoseconds since 1970-01-01 UTC. */
  default long unixNs(long nowUnixNs) {
    return switch (this) {
      case Ago(Duration duration) -> nowUnixNs - duration.toNanos();
      case At(Instant instant) -> unixNs(instant);
    };
  }

  static long nowUnixNs() {
    return unixNs(Instant.now());
  }

  /** Nanoseconds since 1970-01-01 UTC. */
  static long unixNs(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  /** {@code 5m} is that long ago; {@code 2026-11-28T10:00} is local time without an offset. */
  final class Option implements ITypeConverter<Moment> {
    @Override
    public Moment convert(String text) {
      if (!text.contains("T")) {
        return new Ago(ago(text));
      }
      try {
        return new At(
            text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant());
      } catch (DateTimeException e) {
        throw refusal(text);
      }
    }

    private static Duration ago(String text) {
      try {
        return new DurationOption().convert(text);
      } catch (TypeConversionException e) {
        throw refusal(text);
      }
    }

    private static TypeConversionException refusal(String text) {
      return new TypeConversionException(
          "'%s' is no time; write 5m or 2h for that long ago, or 2026-11-28T10:00:00Z"
              .formatted(text));
    }
  }
}
