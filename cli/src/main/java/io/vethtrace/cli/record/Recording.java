package io.vethtrace.cli.record;

import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import java.util.List;
import java.util.Optional;

/**
 * What a file holds.
 *
 * @param batches what {@code watch} showed; none where a command was recorded
 * @param report what {@code why} said of the command that was recorded
 * @param damage what is wrong with the rest of the file, and where; empty where it is whole
 */
public record Recording(
    RecordingHeader header,
    List<WatchResponse> batches,
    Optional<WhyReport> report,
    Optional<String> damage) {
  public Recording {
    batches = List.copyOf(batches);
  }

  /** As one report: the command's, or else all that was watched. Damage counts as a loss. */
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
