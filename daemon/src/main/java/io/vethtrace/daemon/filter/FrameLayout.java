package io.vethtrace.daemon.filter;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/**
 * {@code struct vt_frame} of {@code bpf/wire.h}, which a translated filter gets: the only place
 * that knows its offsets.
 *
 * <pre>
 *   0                8        12       16  18          32               80
 *   +----------------+--------+--------+---+-----------+----------------+
 *   |      base      |captured|  len   | - | MAC header| head goes on   |
 *   +----------------+--------+--------+---+-----------+----------------+
 * </pre>
 */
public final class FrameLayout {
  /** {@code VT_HEAD_BYTES}. */
  static final int HEAD_BYTES = 62;

  public static final StructLayout FRAME =
      structLayout(
          JAVA_LONG.withName("base"),
          JAVA_INT.withName("captured"),
          JAVA_INT.withName("len"),
          JAVA_SHORT.withName("unused"),
          sequenceLayout(HEAD_BYTES, JAVA_BYTE).withName("head"));

  static final int BASE = offset("base");
  static final int CAPTURED = offset("captured");
  static final int LEN = offset("len");
  static final int HEAD = offset("head");

  private FrameLayout() {}

  private static int offset(String field) {
    return (int) FRAME.byteOffset(PathElement.groupElement(field));
  }
}
