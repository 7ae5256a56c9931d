package io.vethtrace.daemon.capture.file;

import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The meaning of the first four bytes of a pcap file (draft-ietf-opsawg-pcap, 4).
 *
 * @param order the byte order of the file
 * @param fractionNs the nanoseconds in one unit of a timestamp's fraction
 */
record PcapMagic(ByteOrder order, int fractionNs) {
  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;

  /** Returns the magic of those bytes, read as big-endian. */
  static Optional<PcapMagic> of(int magicBe) {
    return in(ByteOrder.BIG_ENDIAN, magicBe)
        .or(() -> in(ByteOrder.LITTLE_ENDIAN, Integer.reverseBytes(magicBe)));
  }

  private static Optional<PcapMagic> in(ByteOrder order, int magic) {
    return switch (magic) {
      case MICROSECONDS -> Optional.of(new PcapMagic(order, 1000));
      case NANOSECONDS -> Optional.of(new PcapMagic(order, 1));
      default -> Optional.empty();
    };
  }

  /** Returns the number of timestamp fractions in a second. */
  int fractionsPerSecond() {
    return 1_000_000_000 / fractionNs;
  }
}
