package io.vethtrace.daemon.capture.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pairs frames of two points that are alike: a request that is sent again has the same bytes. A
 * link keeps their order and takes far less time than there is between two tries, so time comes
 * first and order second; what both leave open is ambiguous.
 */
final class FrameAlignment {
  /** Longer than this no frame is under way between two points. */
  static final long MAX_APART_NS = 1_000_000_000;

  /**
   * The factor by which the second nearest frame must be farther away, so that the nearest one is
   * clear.
   */
  private static final int CLEAR_RATIO = 4;

  /** The resolution of most captures. */
  private static final long TICK_NS = 1000;

  /** The maximum number of candidates that are listed in a flood of equal frames. */
  private static final int MAX_CANDIDATES = 16;

  private static final int NOBODY = -1;

  private final List<FrameRecord> ones;
  private final List<FrameRecord> others;
  private final boolean sameBytes;
  private final Map<Integer, CapturePointMatch> matches;
  private final int[] partnerOfOne;
  private final boolean[] isOtherTaken;

  private FrameAlignment(
      List<FrameRecord> ones,
      List<FrameRecord> others,
      boolean sameBytes,
      Map<Integer, CapturePointMatch> matches) {
    this.ones = ones;
    this.others = others;
    this.sameBytes = sameBytes;
    this.matches = matches;
    this.partnerOfOne = new int[ones.size()];
    this.isOtherTaken = new boolean[others.size()];
  }

  /**
   * Puts what it finds into {@code matches}, for both points; nothing for a frame without partner.
   *
   * @param ones the frames of one point, in order of time
   * @param others the frames of the other point, in order of time
   */
  static void align(
      List<FrameRecord> ones,
      List<FrameRecord> others,
      boolean sameBytes,
      Map<Integer, CapturePointMatch> matches) {
    new FrameAlignment(ones, others, sameBytes, matches).run();
  }

  private void run() {
    byTime();
    byOrder();
  }

  private void byTime() {
    for (int i = 0; i < ones.size(); i++) {
      partnerOfOne[i] = NOBODY;
      int j = clearlyNearest(ones.get(i), others);
      if (j != NOBODY && clearlyNearest(others.get(j), ones) == i) {
        pair(i, j);
      }
    }
  }

  /** Both neighbours in time are looked at, and the next on either side. */
  private static int clearlyNearest(FrameRecord frame, List<FrameRecord> among) {
    int at = firstFrom(among, frame.unixNs());
    int nearest = NOBODY;
    long distance = Long.MAX_VALUE;
    long second = Long.MAX_VALUE;
    for (int i = Math.max(0, at - 2); i < Math.min(among.size(), at + 2); i++) {
      long d = Math.abs(among.get(i).unixNs() - frame.unixNs());
      if (d < distance) {
        second = distance;
        distance = d;
        nearest = i;
      } else {
        second = Math.min(second, d);
      }
    }
    boolean clear = second / CLEAR_RATIO >= Math.max(distance, TICK_NS);
    return distance <= MAX_APART_NS && clear ? nearest : NOBODY;
  }

  /** The first that is not before {@code unixNs}. */
  private static int firstFrom(List<FrameRecord> frameRecords, long unixNs) {
    int low = 0;
    int high = frameRecords.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (frameRecords.get(middle).unixNs() < unixNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void pair(int i, int j) {
    partnerOfOne[i] = j;
    isOtherTaken[j] = true;
    matches.put(ones.get(i).index(), new CapturePointMatch.Matched(others.get(j), sameBytes));
    matches.put(others.get(j).index(), new CapturePointMatch.Matched(ones.get(i), sameBytes));
  }

  /** Pairs the frames between two pairs in turn, if both points have the same number of them. */
  private void byOrder() {
    int fromOther = 0;
    int begin = 0;
    for (int i = 0; i <= ones.size(); i++) {
      if (i == ones.size() || partnerOfOne[i] != NOBODY) {
        int toOther = i == ones.size() ? others.size() : partnerOfOne[i];
        between(begin, i, fromOther, toOther);
        begin = i + 1;
        fromOther = Math.max(fromOther, toOther + 1);
      }
    }
  }

  private void between(int oneFrom, int oneTo, int otherFrom, int otherTo) {
    int i = oneFrom;
    int j = otherFrom;
    while (i < oneTo && j < otherTo) {
      int iEnd = i;
      int jEnd = j;
      long reachNs = MAX_APART_NS + Math.min(ones.get(i).unixNs(), others.get(j).unixNs());
      while (true) {
        if (iEnd < oneTo && ones.get(iEnd).unixNs() <= reachNs) {
          reachNs = Math.max(reachNs, ones.get(iEnd++).unixNs() + MAX_APART_NS);
        } else if (jEnd < otherTo && others.get(jEnd).unixNs() <= reachNs) {
          reachNs = Math.max(reachNs, others.get(jEnd++).unixNs() + MAX_APART_NS);
        } else {
          break;
        }
      }
      burst(i, iEnd, j, jEnd);
      i = iEnd;
      j = jEnd;
    }
  }

  private void burst(int i, int iEnd, int j, int jEnd) {
    if (iEnd - i == jEnd - j && inTurn(i, j, iEnd - i)) {
      for (int n = 0; n < iEnd - i; n++) {
        pair(i + n, j + n);
      }
      return;
    }
    ambiguous(ones.subList(i, iEnd), others.subList(j, jEnd));
    ambiguous(others.subList(j, jEnd), ones.subList(i, iEnd));
  }

  private boolean inTurn(int i, int j, int count) {
    for (int n = 0; n < count; n++) {
      if (isOtherTaken[j + n]
          || Math.abs(ones.get(i + n).unixNs() - others.get(j + n).unixNs()) > MAX_APART_NS) {
        return false;
      }
    }
    return true;
  }

  private void ambiguous(List<FrameRecord> frameRecords, List<FrameRecord> candidates) {
    for (FrameRecord frame : frameRecords) {
      List<FrameRecord> near = near(frame.unixNs(), candidates);
      if (!near.isEmpty()) {
        matches.putIfAbsent(frame.index(), new CapturePointMatch.Ambiguous(near));
      }
    }
  }

  private static List<FrameRecord> near(long unixNs, List<FrameRecord> candidates) {
    List<FrameRecord> near = new ArrayList<>();
    for (int i = firstFrom(candidates, unixNs - MAX_APART_NS); i < candidates.size(); i++) {
      if (near.size() == MAX_CANDIDATES || candidates.get(i).unixNs() - unixNs > MAX_APART_NS) {
        break;
      }
      near.add(candidates.get(i));
    }
    return near;
  }
}
