package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.packet.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nearest passage that a frame can belong to, and the nearest passage of another packet.
 */
final class NearestPassage {
  /**
   * The error of the clocks' readings: a candidate is nearer only if it is nearer by more than
   * this.
   */
  private static final long SAME_TIME_NS = 20_000;

  private final long unixNs;
  private final long withinNs;
  private @Nullable DevicePassage first;
  private @Nullable DevicePassage other;
  private long firstNs;
  private long otherNs;

  /** Starts a search for a frame of that time, no further away than {@code withinNs}. */
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

  /** Returns the distance beyond which a passage does not matter. */
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
