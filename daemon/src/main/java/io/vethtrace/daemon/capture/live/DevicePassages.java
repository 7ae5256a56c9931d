package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.packet.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * The passings that look alike, in the order of their last sight. A flood of identical packets
 * makes a long one, so nothing here looks at all of it.
 */
final class DevicePassages {
  private final List<DevicePassage> passings = new ArrayList<>(1);
  private int begin; // those before are taken
  private long longestNs;

  void add(DevicePassage passing) {
    int at = passings.size();
    while (at > begin && passings.get(at - 1).lastUnixNs() > passing.lastUnixNs()) {
      at--; // they come as they end
    }
    passings.add(at, passing);
    longestNs = Math.max(longestNs, passing.lastUnixNs() - passing.firstUnixNs());
  }

  /** Lets go of those in front that were taken; whether none is left. */
  boolean shorten() {
    while (begin < passings.size() && passings.get(begin).isTaken()) {
      begin++;
    }
    if (begin > passings.size() / 2) {
      passings.subList(0, begin).clear();
      begin = 0;
    }
    return passings.isEmpty();
  }

  /** Offers those of this packet, from that time on outwards, until none can be near enough. */
  void offer(Frame packet, long unixNs, NearestPassage nearest) {
    int middle = firstFrom(unixNs);
    for (int i = middle; i < passings.size(); i++) {
      DevicePassage passing = passings.get(i);
      if (passing.lastUnixNs() - longestNs > unixNs + nearest.limitNs()) {
        break;
      }
      nearest.offer(passing, packet);
    }
    for (int i = middle - 1; i >= begin; i--) {
      DevicePassage passing = passings.get(i);
      if (passing.lastUnixNs() < unixNs - nearest.limitNs()) {
        break;
      }
      nearest.offer(passing, packet);
    }
  }

  private int firstFrom(long unixNs) {
    int low = begin;
    int high = passings.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (passings.get(middle).lastUnixNs() < unixNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
