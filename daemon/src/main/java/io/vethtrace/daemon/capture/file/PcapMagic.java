package io.vethtrace.daemon.capture.file;

import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What the first four bytes of a pcap say (draft-ietf-opsawg-pcap, 4).
 *
 * @param order of everything in the file
 * @param fractionNs how many nanoseconds a fraction of a second counts
 */
record PcapMagic(ByteOrder order, int fractionNs) {
  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;

  /** Of those bytes, read as big-endian. */
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

  /** How many fractions a second has. */
  int fractionsPerSecond() {
    return 1_000_000_000 / fractionNs;
  }
}
