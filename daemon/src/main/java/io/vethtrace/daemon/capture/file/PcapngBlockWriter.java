package io.vethtrace.daemon.capture.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Blocks of pcapng being written one after the other (draft-ietf-opsawg-pcapng, 3.1), in
 * little-endian order.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |                          block type                           |
 * +---------------------------------------------------------------+
 * |                      block total length                       |
 * +---------------------------------------------------------------+
 * /              body, padded to 32 bits: fields, options         /
 * +---------------------------------------------------------------+
 * |                      block total length                       |
 * +---------------------------------------------------------------+
 * </pre>
 */
final class PcapngBlockWriter {
  private static final int MAX_OPTION_BYTES = 0xffff;
  private static final int LENGTH_AT = 4;
  private static final int END_OF_OPTIONS = 0;

  private ByteBuffer bytes = order(ByteBuffer.allocate(256));
  private int start;
  private boolean hasOptions;

  /** Begins a block; the one before it has ended. */
  PcapngBlockWriter begin(int type) {
    start = bytes.position();
    hasOptions = false;
    return u32(type).u32(0);
  }

  private static ByteBuffer order(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  PcapngBlockWriter u16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  PcapngBlockWriter u32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  PcapngBlockWriter u64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  /** Upper half first, as the draft has it for times. */
  PcapngBlockWriter time(long units) {
    return u32((int) (units >>> Integer.SIZE)).u32((int) units);
  }

  /** Pads with zeros to a multiple of 32 bits. */
  PcapngBlockWriter padded(byte[] data) {
    return padded(data, data.length);
  }

  private PcapngBlockWriter padded(byte[] data, int count) {
    int padding = -count & 3;
    room(count + padding).put(data, 0, count);
    for (int i = 0; i < padding; i++) {
      bytes.put((byte) 0);
    }
    return this;
  }

  /** A text that is longer than an option may be is cut off. */
  PcapngBlockWriter option(int code, String text) {
    return option(code, text.getBytes(StandardCharsets.UTF_8));
  }

  PcapngBlockWriter option(int code, byte[] value) {
    int count = Math.min(value.length, MAX_OPTION_BYTES);
    return beginOption(code, count).padded(value, count);
  }

  private PcapngBlockWriter beginOption(int code, int count) {
    hasOptions = true;
    return u16(code).u16(count);
  }

  PcapngBlockWriter option32(int code, int value) {
    return beginOption(code, Integer.BYTES).u32(value);
  }

  PcapngBlockWriter option64(int code, long value) {
    return beginOption(code, Long.BYTES).u64(value);
  }

  PcapngBlockWriter optionTime(int code, long units) {
    return beginOption(code, Long.BYTES).time(units);
  }

  void end() {
    if (hasOptions) {
      u16(END_OF_OPTIONS).u16(0);
    }
    int total = bytes.position() - start + Integer.BYTES;
    u32(total);
    bytes.putInt(start + LENGTH_AT, total);
  }

  /** Returns the bytes of all blocks so far. */
  int size() {
    return bytes.position();
  }

  /** The blocks so far; goes on without them. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes.array(), bytes.position());
    bytes.clear();
    return taken;
  }

  private ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      int capacity = Math.max(bytes.capacity() * 2, bytes.position() + count);
      bytes = order(ByteBuffer.allocate(capacity)).put(bytes.flip());
    }
    return bytes;
  }
}
