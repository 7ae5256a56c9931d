package io.vethtrace.daemon.probe.object;

import java.util.Arrays;

/** Marks in a compiled object, for what is written into it before it is loaded. */
final class BpfObjectMarkers {
  private BpfObjectMarkers() {}

  /** Returns the offset of the mark, which every object contains once. */
  static int only(byte[] elf, byte[] mark) {
    int found = next(elf, mark, 0);
    if (found < 0 || next(elf, mark, found + 1) >= 0) {
      throw new IllegalStateException(
          "an object has this mark %s: mark=%s"
              .formatted(found < 0 ? "nowhere" : "twice", Arrays.toString(mark)));
    }
    return found;
  }

  private static int next(byte[] elf, byte[] mark, int from) {
    for (int at = from; at <= elf.length - mark.length; at++) {
      if (Arrays.equals(elf, at, at + mark.length, mark, 0, mark.length)) {
        return at;
      }
    }
    return -1;
  }
}
