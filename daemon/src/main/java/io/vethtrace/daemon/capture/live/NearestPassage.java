package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.packet.Frame;
import org.jspecify.annotations.Nullable;

/** Of the passings that can be a frame's the nearest, and the nearest of another packet. */
final class NearestPassage {
  /** Of two candidates one is the nearer if it is by more than the clocks' reading is off. */
  private static final long SAME_TIME_NS = 20_000;

  private final long unixNs;
  private final long withinNs;
  private @Nullable DevicePassage first;
  private @Nullable DevicePassage other;
  private long firstNs;
  private long otherNs;

  /** To a frame of that time, and no further away than {@code withinNs}. */
  NearestPassage(long unixNs, long withinNs) {
    this.unixNs = unixNs;
    this.withinNs = withinNs;
  }

  void offer(DevicePassage passing, Frame packet) {
    long distanceNs = passing.distanceNs(unixNs);
    if (passing.isTaken() || distanceNs > limitNs() || !passing.isOf(packet)) {
      return;
    }
    if (first == null || distanceNs < firstNs) {
      if (first != null && first.packetId() != passing.packetId()) {
        other = first;
        otherNs = firstNs;
      }
      first = passing;
      firstNs = distanceNs;
    } else if (passing.packetId() != first.packetId() && (other == null || distanceNs < otherNs)) {
      other = passing;
      otherNs = distanceNs;
    }
  }

  /** What is further away matters no more. */
  long limitNs() {
    return first == null ? withinNs : Math.min(withinNs, 2 * firstNs + SAME_TIME_NS);
  }

  @Nullable DevicePassage first() {
    return first;
  }

  /** One of another packet that is about as near; null where the first is clearly the nearest. */
  @Nullable DevicePassage rival() {
    return other != null && otherNs < limitNs() ? other : null;
  }
}
