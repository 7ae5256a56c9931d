package io.vethtrace.cli.option;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A time as users write it: so long ago, or on a clock. */
public sealed interface PointInTime {
  /** So long before what counts as now. */
  record Ago(Duration duration) implements PointInTime {}

  record At(Instant instant) implements PointInTime {}

  /** Before all that is known. */
  static PointInTime start() {
    return new At(Instant.EPOCH);
  }

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

  private static long unixNs(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }
}
