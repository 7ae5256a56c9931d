package io.vethtrace.daemon.capture.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One block of a pcapng (draft-ietf-opsawg-pcapng, 3.1): nothing reads beyond its end.
 *
 * <pre>
 * +------+--------+------------------------+--------+
 * | type | length | body, options at its   | length |
 * |      |        | end, all padded to 4   | again  |
 * +------+--------+------------------------+--------+
 * </pre>
 */
final class PcapngBlock {
  /** The size of an option's header: its code and its length. */
  private static final int OPTION_BYTES = 4;

  private static final int END_OF_OPTIONS = 0;
  private static final int LENGTH_BYTES = 4;
  private static final int HEADER_BYTES = 8;
  private static final int MIN_BYTES = HEADER_BYTES + LENGTH_BYTES;

  /** Receives an option. It may read the value or leave it. */
  @FunctionalInterface
  interface OptionSink {
    void option(int code, int lengthBytes) throws IOException, MalformedCaptureException;
  }

  private final ByteWindow window;
  private int totalBytes;
  private long left;

  PcapngBlock(ByteWindow window) {
    this.window = window;
  }

  /** Begins where the window is, with the type. */
  void begin(int claimedBytes) throws MalformedCaptureException {
    if (Integer.compareUnsigned(claimedBytes, MIN_BYTES) < 0 || claimedBytes % 4 != 0) {
      throw MalformedCaptureException.of(
          "no block is %s bytes long", Integer.toUnsignedString(claimedBytes));
    }
    totalBytes = claimedBytes;
    left = Integer.toUnsignedLong(claimedBytes) - MIN_BYTES;
    window.advance(HEADER_BYTES);
  }

  /** Makes sure that so many bytes of the body can be read. */
  void need(int count) throws IOException, MalformedCaptureException {
    if (count > left) {
      throw MalformedCaptureException.of(
          "it is too short: %d more bytes are needed and it has %d", count, left);
    }
    if (!window.has(count)) {
      throw MalformedCaptureException.cutOff();
    }
  }

  int u16() {
    int value = window.u16(0);
    moved(2);
    return value;
  }

  int i32() {
    int value = window.i32(0);
    moved(4);
    return value;
  }

  int u8() {
    int value = window.u8(0);
    moved(1);
    return value;
  }

  /** Two halves, the upper one first (timestamps). */
  long ticks() {
    long high = Integer.toUnsignedLong(i32());
    return high << Integer.SIZE | Integer.toUnsignedLong(i32());
  }

  /** One value in the section's byte order. */
  long i64() {
    int first = i32();
    int second = i32();
    return window.isLittleEndian() ? join(second, first) : join(first, second);
  }

  private static long join(int high, int low) {
    return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
  }

  /** A frame, and the padding behind it. */
  byte[] frame(int captured) throws IOException, MalformedCaptureException {
    need(captured);
    byte[] bytes = window.copy(captured);
    moved(captured);
    skip(ClaimedLength.padded(captured) - captured);
    return bytes;
  }

  /** The first bytes of an option's value, up to the first NUL. */
  String text(int lengthBytes, int maxBytes) throws IOException, MalformedCaptureException {
    int count = Math.min(lengthBytes, maxBytes);
    need(count);
    String text = new String(window.copy(count), StandardCharsets.UTF_8);
    moved(count);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private void moved(int count) {
    window.advance(count);
    left -= count;
  }

  private void skip(long count) throws IOException, MalformedCaptureException {
    if (!window.skip(count)) {
      throw MalformedCaptureException.cutOff();
    }
    left -= count;
  }

  /** Reads the options at the body's end. */
  void options(OptionSink sink) throws IOException, MalformedCaptureException {
    while (left >= OPTION_BYTES) {
      need(OPTION_BYTES);
      int code = u16();
      int lengthBytes = u16();
      if (code == END_OF_OPTIONS) {
        return;
      }
      if (lengthBytes > left) {
        throw MalformedCaptureException.of(
            "its option %d claims %d bytes and %d are left", code, lengthBytes, left);
      }
      long after = left - ClaimedLength.padded(lengthBytes);
      sink.option(code, lengthBytes);
      skip(left - after);
    }
  }

  /** Makes sure that an option whose length is fixed has it. */
  void require(String option, int lengthBytes, int rightBytes)
      throws IOException, MalformedCaptureException {
    if (lengthBytes != rightBytes) {
      throw MalformedCaptureException.of(
          "its option %s has %d bytes in place of %d", option, lengthBytes, rightBytes);
    }
    need(rightBytes);
  }

  /** Goes to the next block. */
  void end() throws IOException, MalformedCaptureException {
    skip(left);
    if (!window.has(LENGTH_BYTES)) {
      throw MalformedCaptureException.cutOff();
    }
    int again = window.i32(0);
    if (again != totalBytes) {
      throw MalformedCaptureException.of(
          "its length is %s at its begin and %s at its end",
          Integer.toUnsignedString(totalBytes), Integer.toUnsignedString(again));
    }
    window.advance(LENGTH_BYTES);
  }
}
