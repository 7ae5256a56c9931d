package io.vethtrace.daemon.capture.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The bytes of a pcapng, block by block, right or wrong (draft-ietf-opsawg-pcapng). */
public final class PcapngBytes {
  static final int SECTION = 0x0a0d0d0a;
  static final int INTERFACE = 1;
  static final int OBSOLETE = 2;
  static final int SIMPLE = 3;
  static final int ENHANCED = 6;

  /** An option, or noise in its place. */
  @FunctionalInterface
  public interface Option {
    void put(ByteBuffer bytes);
  }

  private static final int MAX_BYTES = 1 << 20;

  private final ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);

  PcapngBytes(ByteOrder order) {
    bytes.order(order);
  }

  static PcapngBytes bigEndian() {
    return new PcapngBytes(ByteOrder.BIG_ENDIAN);
  }

  public static PcapngBytes littleEndian() {
    return new PcapngBytes(ByteOrder.LITTLE_ENDIAN);
  }

  public byte[] toArray() {
    byte[] all = new byte[bytes.position()];
    bytes.get(0, all);
    return all;
  }

  int size() {
    return bytes.position();
  }

  /** Writes what follows in another byte order. */
  PcapngBytes order(ByteOrder order) {
    bytes.order(order);
    return this;
  }

  PcapngBytes block(int type, Consumer<ByteBuffer> body) {
    int begin = bytes.position();
    bytes.putInt(type).putInt(0);
    body.accept(bytes);
    padded(bytes);
    int total = bytes.position() + 4 - begin;
    bytes.putInt(begin + 4, total).putInt(total);
    return this;
  }

  public PcapngBytes section() {
    return block(
        SECTION, b -> b.putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1));
  }

  public PcapngBytes device(int linkType, int snapLen, Option... options) {
    return block(
        INTERFACE,
        b -> {
          b.putShort((short) linkType).putShort((short) 0).putInt(snapLen);
          all(options, b);
        });
  }

  public PcapngBytes packet(int device, long ticks, byte[] frame, Option... options) {
    return block(
        ENHANCED,
        b -> {
          b.putInt(device).putInt((int) (ticks >>> 32)).putInt((int) ticks);
          b.putInt(frame.length).putInt(frame.length).put(frame);
          padded(b);
          all(options, b);
        });
  }

  PcapngBytes obsolete(int device, long ticks, byte[] frame) {
    return block(
        OBSOLETE,
        b -> {
          b.putShort((short) device).putShort((short) 9);
          b.putInt((int) (ticks >>> 32)).putInt((int) ticks);
          b.putInt(frame.length).putInt(frame.length).put(frame);
        });
  }

  PcapngBytes simple(int lengthBytes, byte[] frame) {
    return block(SIMPLE, b -> b.putInt(lengthBytes).put(frame));
  }

  private static void all(Option[] options, ByteBuffer bytes) {
    for (Option option : options) {
      option.put(bytes);
      padded(bytes);
    }
    if (options.length > 0) {
      bytes.putInt(0);
    }
  }

  private static void padded(ByteBuffer bytes) {
    while (bytes.position() % 4 != 0) {
      bytes.put((byte) 0);
    }
  }

  static Option option(int code, byte... value) {
    return b -> b.putShort((short) code).putShort((short) value.length).put(value);
  }

  public static Option text(int code, String value) {
    return option(code, value.getBytes(StandardCharsets.UTF_8));
  }

  static Option int32(int code, int value) {
    return b -> b.putShort((short) code).putShort((short) 4).putInt(value);
  }

  static Option int64(int code, long value) {
    return b -> b.putShort((short) code).putShort((short) 8).putLong(value);
  }
}
