package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Event;
import java.util.Arrays;

/** A journey's passing of one device in one direction, which a tap there sees as one frame. */
final class DevicePassage {
  /**
   * The device, the direction and the {@link Fingerprint} of a passage.
   *
   * @param direction {@code UNKNOWN} stands for the journey as a whole, at any device
   */
  record Key(int netns, int ifindex, FrameDirection direction, long fingerprint) {
    static Key anywhere(long fingerprint) {
      return new Key(0, 0, FrameDirection.UNKNOWN, fingerprint);
    }

    Key withoutPayload() {
      return new Key(
          netns, ifindex, direction, Integer.toUnsignedLong(Fingerprint.headers(fingerprint)));
    }
  }

  private final Key key;
  private final long packetId;
  private Frame frame;
  private long[] unixNs;
  private boolean taken;

  DevicePassage(Key key, long packetId, Event event, long eventUnixNs) {
    this.key = key;
    this.packetId = packetId;
    frame = event.frame();
    unixNs = new long[] {eventUnixNs};
  }

  /** One more sight of the same packet, which may have seen more of it. */
  void add(Event event, long eventUnixNs) {
    if (event.frame().lengthBytes() > frame.lengthBytes()) {
      frame = event.frame();
    }
    unixNs = Arrays.copyOf(unixNs, unixNs.length + 1);
    unixNs[unixNs.length - 1] = eventUnixNs;
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
    long nearest = Long.MAX_VALUE;
    for (long at : unixNs) {
      nearest = Math.min(nearest, Math.abs(at - frameUnixNs));
    }
    return nearest;
  }

  boolean isOf(Frame captured) {
    return frame.hasSamePacket(captured);
  }

  /** It is a frame's, or forgotten: no other frame's from now on. */
  void take() {
    taken = true;
  }

  boolean isTaken() {
    return taken;
  }
}
