package io.vethtrace.daemon.capture.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a pcap (draft-ietf-opsawg-pcap). */
final class PcapBytes {
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20);

  PcapBytes(ByteOrder order, int magic, int linkType) {
    bytes.order(order).putInt(magic).putShort((short) 2).putShort((short) 4);
    bytes.putLong(0).putInt(65535).putInt(linkType);
  }

  static PcapBytes ethernet() {
    return new PcapBytes(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, LinkType.ETHERNET);
  }

  PcapBytes record(int second, int fraction, int lengthBytes, byte... frame) {
    bytes.putInt(second).putInt(fraction).putInt(frame.length).putInt(lengthBytes).put(frame);
    return this;
  }

  /** A record's header alone. */
  PcapBytes claim(int captured) {
    bytes.putInt(0).putInt(0).putInt(captured).putInt(captured);
    return this;
  }

  byte[] toArray() {
    byte[] all = new byte[bytes.position()];
    bytes.get(0, all);
    return all;
  }
}
