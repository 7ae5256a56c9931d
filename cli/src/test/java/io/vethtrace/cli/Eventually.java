package io.vethtrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Waits for what another process does, however long that takes on this machine. */
public final class Eventually {
  private static final int ROUNDS = 6000;

  private Eventually() {}

  public static void isTrue(String what, BooleanSupplier condition) {
    for (int round = 0; round < ROUNDS; round++) {
      if (condition.getAsBoolean()) {
        return;
      }
      pause();
    }
    throw new AssertionError("never: " + what);
  }

  /** The number that a command wrote into a file, once it is whole. */
  public static long number(Path file) {
    isTrue(file + " has a line", () -> read(file).endsWith("\n"));
    return Long.parseLong(read(file).strip());
  }

  /** Ended, and reaped by whoever has to. */
  public static void isGone(long pid) {
    isTrue("process " + pid + " is gone", () -> ProcessHandle.of(pid).isEmpty());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
