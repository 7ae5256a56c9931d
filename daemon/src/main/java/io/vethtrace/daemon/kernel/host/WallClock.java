package io.vethtrace.daemon.kernel.host;

import java.time.Instant;

/**
 * Turns the kernel's CLOCK_MONOTONIC, which events have, into CLOCK_REALTIME, which frames have.
 * Read anew from time to time, as one of them is set and slewed and the other only slewed. For one
 * thread.
 */
public final class WallClock {
  private static final int TRIES = 16;

  /** A second of slewing at the most that the kernel does, 500 ppm, is half a millisecond. */
  private static final long READ_AGAIN_NS = 200_000_000L;

  private long offsetNs;
  private long readNs;

  public WallClock() {
    read();
  }

  /** CLOCK_REALTIME minus CLOCK_MONOTONIC in nanoseconds, as last read. */
  public long offsetNs() {
    return offsetNs;
  }

  /** CLOCK_REALTIME in nanoseconds at a moment of CLOCK_MONOTONIC that is not long ago. */
  public long unixNs(long ktimeNs) {
    if (System.nanoTime() - readNs > READ_AGAIN_NS) {
      read();
    }
    return ktimeNs + offsetNs;
  }

  /** Now, by CLOCK_REALTIME. */
  public static long nowUnixNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /**
   * The least interrupted of some readings. HotSpot's nanoTime is CLOCK_MONOTONIC (os_posix.cpp,
   * javaTimeNanos), as ktime_get_ns is.
   */
  private void read() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long before = System.nanoTime();
      long unix = nowUnixNs();
      long after = System.nanoTime();
      if (after - before < least) {
        least = after - before;
        offsetNs = unix - (before + (after - before) / 2);
      }
    }
    readNs = System.nanoTime();
  }
}
