package io.vethtrace.daemon.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * One histogram of durations. prometheus-metrics' own takes an exemplar only with an observation; a
 * finding is made a second after its packet's hops were counted, so here it may come later.
 */
final class LatencyHistogram {
  /** Seconds: 1, 2, 5 of each power of ten from a microsecond to a second. */
  private static final double[] BOUNDS = {
    1e-6,
    2e-6,
    5e-6,
    1e-5,
    2e-5,
    5e-5,
    1e-4,
    2e-4,
    5e-4,
    1e-3,
    2e-3,
    5e-3,
    1e-2,
    2e-2,
    5e-2,
    0.1,
    0.2,
    0.5,
    1,
    Double.POSITIVE_INFINITY
  };

  private static final double NS_PER_SECOND = 1e9;

  private final long[] counts = new long[BOUNDS.length];
  private final Map<Integer, Exemplar> exemplars = new TreeMap<>();
  private long sumNs;

  synchronized void observe(long durationNs) {
    counts[bucket(durationNs / NS_PER_SECOND)]++;
    sumNs += durationNs;
  }

  /** Says which finding a duration belongs to that was observed before. */
  synchronized void explain(long durationNs, String findingId, long unixMillis) {
    double seconds = durationNs / NS_PER_SECOND;
    exemplars.put(
        bucket(seconds), new Exemplar(seconds, Labels.of("finding_id", findingId), unixMillis));
  }

  private static int bucket(double seconds) {
    int at = Arrays.binarySearch(BOUNDS, seconds);
    return at >= 0 ? at : -at - 1;
  }

  synchronized HistogramDataPointSnapshot snapshot(Labels labels) {
    HistogramDataPointSnapshot.Builder builder = HistogramDataPointSnapshot.builder();
    builder.classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, counts.clone()));
    builder.sum(sumNs / NS_PER_SECOND);
    builder.exemplars(Exemplars.of(exemplars.values()));
    builder.labels(labels);
    return builder.build();
  }
}
