package io.vethtrace.daemon.serve.report;

import io.vethtrace.daemon.capture.compare.CaptureFilePoint;
import io.vethtrace.daemon.capture.compare.CapturePointMatch;
import io.vethtrace.daemon.capture.compare.CapturePointPair;
import io.vethtrace.daemon.capture.compare.CaptureSet;
import io.vethtrace.daemon.capture.compare.FrameRecord;
import io.vethtrace.v1.CapturePair;

/** Makes messages of pairs of capture points. */
final class PairMessages {
  /** Nobody reads more of them; the counts include all. */
  private static final int MAX_LISTED = 1000;

  private PairMessages() {}

  static CapturePair of(CaptureSet set, CapturePointPair pairing) {
    CapturePair.Builder pair =
        CapturePair.newBuilder()
            .setOne(end(set, pairing.one(), pairing.countOfOne()))
            .setOther(end(set, pairing.other(), pairing.countOfOther()));
    pairing.hops().stream().limit(MAX_LISTED).forEach(hop -> pair.addHops(hop(set, hop)));
    pairing.frameRecords().stream()
        .filter(frame -> !(pairing.match(frame) instanceof CapturePointMatch.Matched))
        .limit(MAX_LISTED)
        .forEach(frame -> pair.addMisses(miss(set, frame, pairing.match(frame))));
    return pair.build();
  }

  private static CapturePair.End end(
      CaptureSet set, CaptureFilePoint point, CapturePointPair.Count count) {
    return CapturePair.End.newBuilder()
        .setFile(set.files().get(point.file()).path().toString())
        .setInterface(point.ifname())
        .setMatched(count.matched())
        .setAmbiguous(count.ambiguous())
        .setUnmatched(count.unmatched())
        .build();
  }

  private static CapturePair.Hop hop(CaptureSet set, CapturePointPair.Hop hop) {
    return CapturePair.Hop.newBuilder()
        .setPacket(hop.atOne().packet().summary())
        .setOneFrame(hop.atOne().number())
        .setOtherFrame(hop.atOther().number())
        .setLaterNs(hop.laterNs())
        .setLeft(left(set, hop))
        .setSameBytes(hop.sameBytes())
        .build();
  }

  private static String left(CaptureSet set, CapturePointPair.Hop hop) {
    if (hop.laterNs() == 0) {
      return "";
    }
    return set.pointOf(hop.laterNs() > 0 ? hop.atOne() : hop.atOther()).ifname();
  }

  private static CapturePair.Miss miss(CaptureSet set, FrameRecord frame, CapturePointMatch match) {
    CapturePair.Miss.Builder miss =
        CapturePair.Miss.newBuilder()
            .setInterface(set.pointOf(frame).ifname())
            .setFrame(frame.number())
            .setPacket(frame.packet().summary());
    switch (match) {
      case CapturePointMatch.Ambiguous ambiguous -> {
        miss.setWhy(CapturePair.Miss.Why.AMBIGUOUS);
        ambiguous.between().forEach(candidate -> miss.addBetween(candidate.number()));
      }
      case CapturePointMatch.Unmatched unmatched ->
          miss.setWhy(CapturePair.Miss.Why.valueOf(unmatched.why().name()));
      case CapturePointMatch.Matched _ -> throw new IllegalArgumentException("match=" + match);
    }
    return miss.build();
  }
}
