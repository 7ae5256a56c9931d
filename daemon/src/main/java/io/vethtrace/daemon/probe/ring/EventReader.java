package io.vethtrace.daemon.probe.ring;

import io.vethtrace.daemon.trace.Event;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** The ring's records as events. For the one reader thread. */
public final class EventReader {
  private final RingReader ring;
  private final EventDecoder decoder = new EventDecoder();
  private volatile long malformed;

  public EventReader(RingReader ring) {
    this.ring = ring;
  }

  /**
   * Hands over, in ring order, the events that are there.
   *
   * @return how many records were read, malformed ones among them
   */
  public int drain(Consumer<Event> events) {
    return ring.drain((segment, at, lengthBytes) -> decode(segment, at, lengthBytes, events));
  }

  /** Waits until there is something to drain: false where the time was over, or a signal came. */
  public boolean awaitData(int timeoutMillis) {
    return ring.awaitData(timeoutMillis);
  }

  /** Records that no probe of ours can have written: skipped and counted. On any thread. */
  public long malformed() {
    return malformed;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  private void decode(MemorySegment segment, long at, int lengthBytes, Consumer<Event> events) {
    Event event = decoder.decode(segment, at, lengthBytes);
    if (event == null) {
      malformed++;
    } else {
      events.accept(event);
    }
  }
}
