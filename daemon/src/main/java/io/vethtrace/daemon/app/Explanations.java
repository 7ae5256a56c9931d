package io.vethtrace.daemon.app;

import io.vethtrace.daemon.capture.CaptureSet;
import io.vethtrace.daemon.capture.CaptureSet.CaptureFile;
import io.vethtrace.daemon.capture.Pairings;
import io.vethtrace.daemon.capture.Questions;
import io.vethtrace.daemon.capture.Reading;
import io.vethtrace.daemon.diagnose.SilenceVerdict;
import io.vethtrace.daemon.serve.Explanation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads captures, compares them, and judges what they show. */
final class Explanations {
  private Explanations() {}

  /** Of these files; a sentence where one of them is no capture at all. */
  static Outcome of(List<Path> files) {
    CaptureSet set = CaptureSet.read(files);
    return set.files().stream()
        .flatMap(file -> unreadable(file).stream())
        .findFirst()
        .<Outcome>map(Outcome.Unreadable::new)
        .orElseGet(() -> new Outcome.Explained(explained(set)));
  }

  /** What became of the attempt. */
  sealed interface Outcome {
    record Explained(Explanation explanation) implements Outcome {}

    record Unreadable(String why) implements Outcome {}
  }

  private static Optional<String> unreadable(CaptureFile file) {
    return file.reading() instanceof Reading.NoCapture no
        ? Optional.of(no.why())
        : Optional.empty();
  }

  private static Explanation explained(CaptureSet set) {
    Pairings pairings = Pairings.of(set);
    List<Explanation.Found> findings =
        Questions.unanswered(set, pairings).stream()
            .map(u -> new Explanation.Found(SilenceVerdict.of(u.silence()), u.frames()))
            .toList();
    return new Explanation(set, pairings, findings, limits(set, pairings));
  }

  private static List<String> limits(CaptureSet set, Pairings pairings) {
    List<String> limits = new ArrayList<>();
    for (CaptureFile file : set.files()) {
      if (file.reading() instanceof Reading.Damaged damaged) {
        limits.add(damaged.what());
      }
    }
    if (!set.isWhole()) {
      limits.add(
          "the captures have %,d frames, of which the first %,d were compared"
              .formatted(frames(set), set.sights().size()));
    }
    if (!pairings.isWhole()) {
      limits.add(
          "the captures have %d interfaces, of which the first %d were compared"
              .formatted(set.points().size(), Pairings.MAX_POINTS));
    }
    return limits;
  }

  private static long frames(CaptureSet set) {
    return set.files().stream().mapToLong(CaptureFile::frames).sum();
  }
}
