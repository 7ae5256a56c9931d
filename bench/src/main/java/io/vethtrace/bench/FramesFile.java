package io.vethtrace.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A pcapng of so many echo requests of 98 bytes, as ping sends them, with times and directions. */
final class FramesFile {
  private static final int FRAME_BYTES = 98;
  private static final int PADDED_BYTES = 100;
  private static final int BLOCK_BYTES = 28 + PADDED_BYTES + 12 + 4;
  private static final int ETHERNET = 1;
  private static final long BEGIN_US = 1_700_000_000_000_000L;

  private FramesFile() {}

  static void write(Path file, int frames) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      begin(buffer);
      for (int i = 0; i < frames; i++) {
        if (buffer.remaining() < BLOCK_BYTES) {
          drain(buffer, out);
        }
        frame(buffer, i);
      }
      drain(buffer, out);
    }
  }

  private static void drain(ByteBuffer buffer, FileChannel out) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  private static void begin(ByteBuffer buffer) {
    buffer.putInt(0x0a0d0d0a).putInt(28).putInt(0x1a2b3c4d);
    buffer.putShort((short) 1).putShort((short) 0).putLong(-1).putInt(28);
    buffer.putInt(1).putInt(20).putShort((short) ETHERNET).putShort((short) 0).putInt(0).putInt(20);
  }

  private static void frame(ByteBuffer buffer, int number) {
    long us = BEGIN_US + number;
    buffer.putInt(6).putInt(BLOCK_BYTES).putInt(0).putInt((int) (us >>> 32)).putInt((int) us);
    buffer.putInt(FRAME_BYTES).putInt(FRAME_BYTES);
    int at = buffer.position();
    buffer.put(at + 12, (byte) 8).put(at + 14, (byte) 0x45).put(at + 17, (byte) 84);
    buffer.put(at + 22, (byte) 64).put(at + 23, (byte) 1).put(at + 34, (byte) 8);
    buffer.putInt(at + 38, number);
    buffer.position(at + PADDED_BYTES);
    buffer.putShort((short) 2).putShort((short) 4).putInt(2).putInt(0); // outbound; no more options
    buffer.putInt(BLOCK_BYTES);
  }
}
