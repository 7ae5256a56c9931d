package io.vethtrace.daemon.packet;

/** The arithmetic of {@link Fingerprint}: words into a hash, two hashes into a fingerprint. */
final class Hash {
  static final long BEGIN = 1;

  /** The value of a fingerprint that cannot be computed. */
  static final long NO_FINGERPRINT = 0;

  /** The hash of no bytes. */
  static final int NOTHING = 1;

  /** Instead of the hash of bytes that were not captured. */
  static final int NOT_CAPTURED = 0;

  private Hash() {}

  static long mix(long hash, long value) {
    long h = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return h ^ (h >>> 29);
  }

  /** {@code count} bytes, which the frame holds, mixed into {@code hash}. */
  static long bytes(long hash, Frame frame, int at, int count) {
    long mixed = hash;
    int i = at;
    for (; i + Long.BYTES <= at + count; i += Long.BYTES) {
      mixed = mix(mixed, frame.i64Be(i));
    }
    for (; i < at + count; i++) {
      mixed = mix(mixed, frame.u8(i));
    }
    return mixed;
  }

  /** Returns the hash of a payload, which is neither {@link #NOTHING} nor {@link #NOT_CAPTURED}. */
  static int ofPayload(long hash) {
    return fold(hash) | 2;
  }

  static long join(long headers, int payload) {
    return ((long) payload << Integer.SIZE) | Integer.toUnsignedLong(fold(headers) | 1);
  }

  private static int fold(long hash) {
    return (int) (hash ^ (hash >>> Integer.SIZE));
  }
}
