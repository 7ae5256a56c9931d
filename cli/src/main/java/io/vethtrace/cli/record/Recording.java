package io.vethtrace.cli.record;

import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import java.util.List;
import java.util.Optional;

/**
 * The content of a recording.
 *
 * @param batches the items that {@code watch} would have shown; none if a command was recorded
 * @param report the report of {@code why} if a command was recorded
 * @param damage a sentence about the damage of the file; empty if it is whole
 */
public record Recording(
    RecordingHeader header,
    List<WatchResponse> batches,
    Optional<WhyReport> report,
    Optional<String> damage) {
  public Recording {
    batches = List.copyOf(batches);
  }

  /** Returns one report of all. Damage counts as a lost event. */
  public WhyReport summary() {
    WhyReport.Builder summary = report.orElseGet(this::watched).toBuilder();
    if (damage.isPresent()) {
      summary.setLostEvents((int) Math.min(0xffff_ffffL, 1L + unsigned(summary.getLostEvents())));
    }
    return summary.build();
  }

  private WhyReport watched() {
    WhyReport.Builder all = WhyReport.newBuilder();
    long lost = 0;
    for (WatchResponse batch : batches) {
      all.addAllFindings(batch.getFindingsList()).addAllJourneys(batch.getJourneysList());
      lost += batch.getLost().getRing() + batch.getLost().getClient();
    }
    return all.setLostEvents((int) Math.min(0xffff_ffffL, lost)).build();
  }

  private static long unsigned(int count) {
    return Integer.toUnsignedLong(count);
  }
}
