package io.vethtrace.cli.option;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A time as users write it: a duration ago, or a time on a clock. */
public sealed interface PointInTime {
  /** A duration before the present, or before the end of a recording. */
  record Ago(Duration duration) implements PointInTime {}

  record At(Instant instant) implements PointInTime {}

  /** Returns a time before everything that is known. */
  static PointInTime start() {
    return new At(Instant.EPOCH);
  }

  /** Returns nanoseconds since 1970-01-01 UTC. */
  default long unixNs(long nowUnixNs) {
    return switch (this) {
      case Ago(Duration duration) -> nowUnixNs - duration.toNanos();
      case At(Instant instant) -> unixNs(instant);
    };
  }

  static long nowUnixNs() {
    return unixNs(Instant.now());
  }

  private static long unixNs(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }
}
