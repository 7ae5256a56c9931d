package io.vethtrace.cli.print;

import io.vethtrace.v1.CapturePair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text about the frames that two capture points have in common. */
final class CapturePairText {
  /** The most paired frames that are listed one by one. */
  private static final int FEW = 8;

  private static final int MAX_MISSES = 4;

  private final TextLayout page;

  CapturePairText(TextLayout page) {
    this.page = page;
  }

  void print(CapturePair pair) {
    String one = pair.getOne().getInterface();
    String other = pair.getOther().getInterface();
    if (pair.getHopsCount() == 0) {
      page.headline(mark(), "%s and %s have no frame in common".formatted(one, other));
      return;
    }
    page.headline(
        mark(),
        "%s and %s saw the same: %s, %s"
            .formatted(one, other, count(pair.getOne()), count(pair.getOther())));
    if (pair.getHopsCount() <= FEW) {
      pair.getHopsList().forEach(hop -> hop(pair, hop));
    } else {
      summary(pair, one, other);
      summary(pair, other, one);
    }
    misses(pair);
  }

  private String mark() {
    return page.style().faint("⇄");
  }

  private static String count(CapturePair.End end) {
    int all = end.getMatched() + end.getAmbiguous() + end.getUnmatched();
    return "%d of %d on %s".formatted(end.getMatched(), all, end.getInterface());
  }

  private void hop(CapturePair pair, CapturePair.Hop hop) {
    String one = pair.getOne().getInterface();
    String other = pair.getOther().getInterface();
    boolean back = hop.getLaterNs() < 0;
    page.indented(
        2,
        "%s → %s %s: %s (frames %d, %d)"
            .formatted(
                back ? other : one,
                back ? one : other,
                micros(Math.abs(hop.getLaterNs())),
                hop.getPacket(),
                hop.getOneFrame(),
                hop.getOtherFrame()));
  }

  private void summary(CapturePair pair, String from, String to) {
    List<Long> took = new ArrayList<>();
    for (CapturePair.Hop hop : pair.getHopsList()) {
      if (hop.getLeft().equals(from)) {
        took.add(Math.abs(hop.getLaterNs()));
      }
    }
    if (took.isEmpty()) {
      return;
    }
    took.sort(Long::compare);
    page.indented(2, "%s → %s: %d, after %s".formatted(from, to, took.size(), range(took)));
  }

  private static String range(List<Long> sorted) {
    if (sorted.size() == 1) {
      return micros(sorted.getFirst());
    }
    long median = (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    return "%s to %s, median %s"
        .formatted(micros(sorted.getFirst()), micros(sorted.getLast()), micros(median));
  }

  private static String micros(long ns) {
    String number =
        ns % 1000 == 0 ? "" + ns / 1000 : String.format(Locale.ROOT, "%.1f", ns / 1000.0);
    return number + TextLayout.JOINT + "µs";
  }

  private void misses(CapturePair pair) {
    pair.getMissesList().stream()
        .limit(MAX_MISSES)
        .forEach(miss ->
            page.indented(
                2,
                "%s frame %d, %s: %s"
                    .formatted(miss.getInterface(), miss.getFrame(), miss.getPacket(), why(miss))));
    int more = pair.getMissesCount() - MAX_MISSES;
    if (more > 0) {
      page.indented(2, "and %d more without a certain twin".formatted(more));
    }
  }

  private static String why(CapturePair.Miss miss) {
    return switch (miss.getWhy()) {
      case AMBIGUOUS -> "one of the other's frames " + NumberRanges.of(miss.getBetweenList());
      case NO_TIME -> "its file keeps no time of it";
      case BEFORE_IT_BEGAN -> "before the other's first frame";
      case AFTER_IT_ENDED -> "after the other's last frame";
      case ANOTHER_TIME -> "the other saw such a frame at another time";
      case NOT_SEEN -> "the other did not see it";
      case WHY_UNSPECIFIED, UNRECOGNIZED -> "no twin";
    };
  }
}
