package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Event;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/** A journey's passing of one device in one direction, which a tap there sees as one frame. */
final class Passing {
  /**
   * Where, and by which {@link Fingerprint}.
   *
   * @param direction {@code UNKNOWN} for the journey as a whole, wherever it passed
   */
  record Key(int netns, int ifindex, Direction direction, long fingerprint) {
    static Key anywhere(long fingerprint) {
      return new Key(0, 0, Direction.UNKNOWN, fingerprint);
    }

    Key withoutPayload() {
      return new Key(
          netns, ifindex, direction, Integer.toUnsignedLong(Fingerprint.headers(fingerprint)));
    }
  }

  private final Key key;
  private final long packetId;
  private final Frame frame;
  private final long[] unixNs;

  /** {@code clock} turns the events' time into that of frames. */
  Passing(Key key, long packetId, List<Event> events, LongUnaryOperator clock) {
    this.key = key;
    this.packetId = packetId;
    frame = longest(events);
    unixNs = events.stream().mapToLong(Event::ktimeNs).map(clock).toArray();
  }

  Key key() {
    return key;
  }

  /** The same for a journey and its branches. */
  long packetId() {
    return packetId;
  }

  long firstUnixNs() {
    return unixNs[0];
  }

  long lastUnixNs() {
    return unixNs[unixNs.length - 1];
  }

  long distanceNs(long frameUnixNs) {
    return LongStream.of(unixNs).map(at -> Math.abs(at - frameUnixNs)).min().orElseThrow();
  }

  /** Each of its hooks saw the same packet, some perhaps less of it. */
  private static Frame longest(List<Event> events) {
    Frame longest = events.getFirst().frame();
    for (Event event : events) {
      if (event.frame().lengthBytes() > longest.lengthBytes()) {
        longest = event.frame();
      }
    }
    return longest;
  }

  boolean isOf(Frame captured) {
    return frame.hasSamePacket(captured);
  }
}
