package io.vethtrace.daemon.capture.file;

import java.util.OptionalLong;

/**
 * The unit and offset of an interface's timestamps (draft-ietf-opsawg-pcapng 4.2, if_tsresol and
 * if_tsoffset).
 *
 * @param resolution a tick is 10 to the minus this, or, with the highest bit set, 2 to the minus
 *     the rest of it
 * @param offsetSeconds the seconds to add
 */
record TimeScale(int resolution, long offsetSeconds) {
  /** The scale of an interface without options: microseconds. */
  static final TimeScale DEFAULT = new TimeScale(6, 0);

  private static final int IS_BINARY = 0x80;
  private static final int NS_DIGITS = 9;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final long MAX_SECONDS = Long.MAX_VALUE / NS_PER_SECOND;

  /** 10 to the 19th is the last one that 64 bits hold, unsigned. */
  private static final int MAX_DIGITS = 19;

  private static final long[] POWERS = powers();

  private static long[] powers() {
    long[] powers = new long[MAX_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  TimeScale withResolution(int newResolution) {
    return new TimeScale(newResolution, offsetSeconds);
  }

  TimeScale withOffset(long newOffsetSeconds) {
    return new TimeScale(resolution, newOffsetSeconds);
  }

  /**
   * Converts ticks to nanoseconds since 1970.
   *
   * @param ticks unsigned
   * @return empty for a time outside of the years 1678 to 2262, which 64 bits do not hold
   */
  OptionalLong unixNs(long ticks) {
    long ns = (resolution & IS_BINARY) == 0 ? decimal(ticks) : binary(ticks);
    if (ns < 0 || offsetSeconds == 0) {
      return ns < 0 ? OptionalLong.empty() : OptionalLong.of(ns);
    }
    if (Math.abs((double) offsetSeconds) > MAX_SECONDS) {
      return OptionalLong.empty();
    }
    long offsetNs = offsetSeconds * NS_PER_SECOND;
    long sum = ns + offsetNs; // ns is positive: only upwards can it leave the range
    return offsetNs > 0 && sum < 0 ? OptionalLong.empty() : OptionalLong.of(sum);
  }

  /** Negative where it does not fit. */
  private long decimal(long ticks) {
    int missing = NS_DIGITS - resolution;
    if (missing >= 0) {
      long factor = POWERS[missing];
      return Long.compareUnsigned(ticks, Long.MAX_VALUE / factor) > 0 ? -1 : ticks * factor;
    }
    return -missing > MAX_DIGITS ? 0 : Long.divideUnsigned(ticks, POWERS[-missing]);
  }

  private long binary(long ticks) {
    int bits = resolution & ~IS_BINARY;
    long seconds = bits >= Long.SIZE ? 0 : ticks >>> bits;
    if (Long.compareUnsigned(seconds, MAX_SECONDS - 1) > 0) {
      return -1;
    }
    long fraction = bits >= Long.SIZE ? ticks : ticks & ((1L << bits) - 1);
    return seconds * NS_PER_SECOND + fractionNs(fraction, bits);
  }

  /** fraction * 10^9 / 2^bits, of which the product has up to 94 bits. */
  private static long fractionNs(long fraction, int bits) {
    long high = Math.unsignedMultiplyHigh(fraction, NS_PER_SECOND);
    long low = fraction * NS_PER_SECOND;
    if (bits >= Long.SIZE) {
      return high >>> (bits - Long.SIZE);
    }
    return bits == 0 ? 0 : (high << (Long.SIZE - bits)) | (low >>> bits);
  }
}
