package io.vethtrace.daemon.app;

import io.vethtrace.daemon.capture.compare.CaptureCollector;
import io.vethtrace.daemon.capture.compare.CapturePointPairs;
import io.vethtrace.daemon.capture.compare.CaptureSet;
import io.vethtrace.daemon.capture.compare.CaptureSet.CaptureFile;
import io.vethtrace.daemon.capture.compare.UnansweredRequestSearch;
import io.vethtrace.daemon.capture.file.ReadResult;
import io.vethtrace.daemon.diagnose.capture.CaptureDiagnosis;
import io.vethtrace.daemon.engine.capture.CaptureComparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads captures, compares them, and judges what they show. */
final class CaptureExplanation {
  private CaptureExplanation() {}

  /** Explains these files; the outcome is a sentence if one of them is no capture. */
  static Outcome of(List<Path> files) {
    CaptureSet set = CaptureCollector.read(files);
    return set.files().stream()
        .flatMap(file -> unreadable(file).stream())
        .findFirst()
        .<Outcome>map(Outcome.Unreadable::new)
        .orElseGet(() -> new Outcome.Explained(explained(set)));
  }

  /** The outcome of reading captures. */
  sealed interface Outcome {
    record Explained(CaptureComparison explanation) implements Outcome {}

    record Unreadable(String why) implements Outcome {}
  }

  private static Optional<String> unreadable(CaptureFile file) {
    return file.reading() instanceof ReadResult.NoCapture no
        ? Optional.of(no.why())
        : Optional.empty();
  }

  private static CaptureComparison explained(CaptureSet set) {
    CapturePointPairs pairings = CapturePointPairs.of(set);
    List<CaptureComparison.Found> findings =
        UnansweredRequestSearch.unanswered(set, pairings).stream()
            .map(u -> new CaptureComparison.Found(CaptureDiagnosis.of(u.silence()), u.frames()))
            .toList();
    return new CaptureComparison(set, pairings, findings, limits(set, pairings));
  }

  private static List<String> limits(CaptureSet set, CapturePointPairs pairings) {
    List<String> limits = new ArrayList<>();
    for (CaptureFile file : set.files()) {
      if (file.reading() instanceof ReadResult.Damaged damaged) {
        limits.add(damaged.what());
      }
    }
    if (!set.isWhole()) {
      limits.add(
          "the captures have %,d frames, of which the first %,d were compared"
              .formatted(frames(set), set.frameRecords().size()));
    }
    if (!pairings.isWhole()) {
      limits.add(
          "the captures have %d interfaces, of which the first %d were compared"
              .formatted(set.points().size(), CapturePointPairs.MAX_POINTS));
    }
    return limits;
  }

  private static long frames(CaptureSet set) {
    return set.files().stream().mapToLong(CaptureFile::frames).sum();
  }
}
