package io.vethtrace.bench;

import java.util.List;

/** Records a second of many rounds, sorted. */
record Speeds(List<Double> sorted) {
  static Speeds of(List<Drain.Round> rounds) {
    return new Speeds(rounds.stream().map(Drain.Round::recordsPerSecond).sorted().toList());
  }

  double median() {
    return quantile(0.5);
  }

  /** Returns for example {@code 25.3 M records/s (10th to 90th percentile 24.1 to 26.0)}. */
  String text() {
    return "%6.1f M records/s (10th to 90th percentile %.1f to %.1f)"
        .formatted(median() / 1e6, quantile(0.1) / 1e6, quantile(0.9) / 1e6);
  }

  private double quantile(double share) {
    return sorted.get((int) Math.round(share * (sorted.size() - 1)));
  }
}
