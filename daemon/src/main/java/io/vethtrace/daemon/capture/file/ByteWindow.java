package io.vethtrace.daemon.capture.file;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A part of a file that moves on. It takes memory for bytes that are there, never for a length that
 * the file only claims. All values are read in {@link #order}.
 */
final class ByteWindow {
  /** The longest stretch that can be looked at at once. */
  static final int MAX_BYTES = 512 << 10;

  private static final int FIRST_BYTES = 64 << 10;
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final InputStream in;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int start;
  private int end;
  private long startOffset;
  private boolean swapped;

  ByteWindow(InputStream in) {
    this.in = in;
  }

  void order(ByteOrder order) {
    swapped = order == ByteOrder.LITTLE_ENDIAN;
  }

  boolean isLittleEndian() {
    return swapped;
  }

  /** Returns the offset in the file at which the window begins. */
  long offset() {
    return startOffset;
  }

  /** Returns true if at least this many bytes are left, which can then be read. */
  boolean has(int count) throws IOException {
    return count <= end - start || fill(count);
  }

  private boolean fill(int count) throws IOException {
    if (count > MAX_BYTES) {
      throw new IllegalArgumentException("count=" + count + " max=" + MAX_BYTES);
    }
    makeRoom();
    while (end - start < count) {
      if (end == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, 2 * bytes.length));
      }
      int read = in.read(bytes, end, bytes.length - end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  private void makeRoom() {
    System.arraycopy(bytes, start, bytes, 0, end - start);
    end -= start;
    start = 0;
  }

  /** The unsigned 16-bit value {@code at} bytes behind the window's begin. */
  int u16(int at) {
    short value = (short) U16.get(bytes, start + at);
    return (swapped ? Short.reverseBytes(value) : value) & 0xffff;
  }

  int i32(int at) {
    int value = (int) I32.get(bytes, start + at);
    return swapped ? Integer.reverseBytes(value) : value;
  }

  int u8(int at) {
    return bytes[start + at] & 0xff;
  }

  byte[] copy(int count) {
    return Arrays.copyOfRange(bytes, start, start + count);
  }

  /** Moves on by what {@link #has} said to be there. */
  void advance(int count) {
    start += count;
    startOffset += count;
  }

  /** Moves on by as much; false where the file ends before. */
  boolean skip(long count) throws IOException {
    long left = count;
    while (left > end - start) {
      left -= end - start;
      advance(end - start);
      if (!has(1)) {
        return false;
      }
    }
    advance((int) left);
    return true;
  }
}
