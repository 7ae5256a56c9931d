package io.vethtrace.lab.harness;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until a condition is true that another process changes. */
public final class Poll {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long STEP_MILLIS = 50;

  private Poll() {}

  public static void until(String what, BooleanSupplier condition) {
    value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  public static <T> T value(String what, Supplier<Optional<T>> source) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited %s, and still not: %s".formatted(TIMEOUT, what));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
