package io.vethtrace.daemon.probe.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Device names as strings, each made once: an event then costs a look-up and no allocation. Keeps a
 * bounded number of names; one that is pushed out is simply made again. For one thread.
 */
final class InterfaceNames {
  private static final int SLOTS = 1 << 12;
  private static final int PROBES = 8;

  private record Entry(long first, long second, String name) {}

  private final @Nullable Entry[] slots = new Entry[SLOTS];

  /**
   * The name whose 16 NUL-padded bytes are {@code first} and {@code second}, read in the machine's
   * byte order.
   */
  String name(long first, long second) {
    int home = slot(first, second);
    for (int i = 0; i < PROBES; i++) {
      int slot = (home + i) & (SLOTS - 1);
      Entry entry = slots[slot];
      if (entry == null) {
        return remember(slot, first, second);
      }
      if (entry.first == first && entry.second == second) {
        return entry.name;
      }
    }
    return remember(home, first, second);
  }

  private String remember(int slot, long first, long second) {
    Entry entry = new Entry(first, second, decode(first, second));
    slots[slot] = entry;
    return entry.name;
  }

  private static int slot(long first, long second) {
    long mixed = (first ^ Long.rotateLeft(second, 29)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 52);
  }

  private static String decode(long first, long second) {
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(first)
            .putLong(second)
            .array();
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
