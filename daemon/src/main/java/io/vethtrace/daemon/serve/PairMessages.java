package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.capture.CaptureSet;
import io.vethtrace.daemon.capture.Match;
import io.vethtrace.daemon.capture.Pairing;
import io.vethtrace.daemon.capture.Point;
import io.vethtrace.daemon.capture.Sight;
import io.vethtrace.v1.CapturePair;

/** Pairs of capture points as messages of vethtrace.v1. */
final class PairMessages {
  /** More is nobody's reading; the counts tell of all. */
  private static final int MAX_LISTED = 1000;

  private PairMessages() {}

  static CapturePair of(CaptureSet set, Pairing pairing) {
    CapturePair.Builder pair =
        CapturePair.newBuilder()
            .setOne(end(set, pairing.one(), pairing.countOfOne()))
            .setOther(end(set, pairing.other(), pairing.countOfOther()));
    pairing.hops().stream().limit(MAX_LISTED).forEach(hop -> pair.addHops(hop(set, hop)));
    pairing.sights().stream()
        .filter(sight -> !(pairing.match(sight) instanceof Match.Matched))
        .limit(MAX_LISTED)
        .forEach(sight -> pair.addMisses(miss(set, sight, pairing.match(sight))));
    return pair.build();
  }

  private static CapturePair.End end(CaptureSet set, Point point, Pairing.Count count) {
    return CapturePair.End.newBuilder()
        .setFile(set.files().get(point.file()).path().toString())
        .setInterface(point.ifname())
        .setMatched(count.matched())
        .setAmbiguous(count.ambiguous())
        .setUnmatched(count.unmatched())
        .build();
  }

  private static CapturePair.Hop hop(CaptureSet set, Pairing.Hop hop) {
    return CapturePair.Hop.newBuilder()
        .setPacket(hop.atOne().packet().summary())
        .setOneFrame(hop.atOne().number())
        .setOtherFrame(hop.atOther().number())
        .setLaterNs(hop.laterNs())
        .setLeft(left(set, hop))
        .setSameBytes(hop.sameBytes())
        .build();
  }

  private static String left(CaptureSet set, Pairing.Hop hop) {
    if (hop.laterNs() == 0) {
      return "";
    }
    return set.pointOf(hop.laterNs() > 0 ? hop.atOne() : hop.atOther()).ifname();
  }

  private static CapturePair.Miss miss(CaptureSet set, Sight sight, Match match) {
    CapturePair.Miss.Builder miss =
        CapturePair.Miss.newBuilder()
            .setInterface(set.pointOf(sight).ifname())
            .setFrame(sight.number())
            .setPacket(sight.packet().summary());
    switch (match) {
      case Match.Ambiguous ambiguous -> {
        miss.setWhy(CapturePair.Miss.Why.AMBIGUOUS);
        ambiguous.between().forEach(candidate -> miss.addBetween(candidate.number()));
      }
      case Match.Unmatched unmatched ->
          miss.setWhy(CapturePair.Miss.Why.valueOf(unmatched.why().name()));
      case Match.Matched _ -> throw new IllegalArgumentException("match=" + match);
    }
    return miss.build();
  }
}
