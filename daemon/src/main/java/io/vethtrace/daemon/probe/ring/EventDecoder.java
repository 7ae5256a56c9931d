package io.vethtrace.daemon.probe.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.vethtrace.daemon.trace.Event;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Records to events. For one thread. */
final class EventDecoder {
  private final InterfaceNames names = new InterfaceNames();

  /**
   * One record, copied out of the ring at once: its fields are then read from an array, where the
   * compiler drops the checks of bounds, liveness and alignment that each access to a segment has.
   */
  private final byte[] record = new byte[EventLayout.SIZE_BYTES];

  /**
   * The event in the record at {@code at}; null where no probe of ours can have written it: a
   * length, a hook or a count of packet bytes that does not exist.
   */
  @Nullable Event decode(MemorySegment ring, long at, int lengthBytes) {
    if (lengthBytes != EventLayout.SIZE_BYTES) {
      return null;
    }
    MemorySegment.copy(ring, JAVA_BYTE, at, record, 0, EventLayout.SIZE_BYTES);
    return EventLayout.decode(record, names);
  }
}
