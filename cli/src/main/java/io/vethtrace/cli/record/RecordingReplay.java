package io.vethtrace.cli.record;

import io.vethtrace.select.WatchRequestFilter;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import io.vethtrace.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;

/** Plays a recording as a daemon plays its history. */
public final class RecordingReplay {
  private final Clock clock;
  private final List<WatchResponse> items = new ArrayList<>();

  /** Converts kernel time. In a recording of an older version only hops have a time. */
  private record Clock(long realtimeOffsetNs) {
    long unixNs(Journey journey) {
      if (journey.getUnixNs() != 0 || realtimeOffsetNs == 0 || journey.getHopsCount() == 0) {
        return journey.getUnixNs();
      }
      Hop last = journey.getHops(journey.getHopsCount() - 1);
      return last.getKtimeNs() + realtimeOffsetNs;
    }
  }

  private RecordingReplay(Recording recording) {
    clock = new Clock(recording.header().getRealtimeOffsetNs());
    recording.batches().forEach(this::add);
    recording
        .report()
        .ifPresent(report ->
            add(
                WatchResponse.newBuilder()
                    .addAllJourneys(report.getJourneysList())
                    .addAllFindings(report.getFindingsList())
                    .build()));
  }

  public static RecordingReplay of(Recording recording) {
    return new RecordingReplay(recording);
  }

  private void add(WatchResponse batch) {
    batch.getJourneysList().forEach(journey -> items.add(timed(journey)));
    batch.getFindingsList().forEach(finding -> items.add(timed(finding)));
    if (batch.hasLost()) {
      items.add(WatchResponse.newBuilder().setLost(batch.getLost()).build());
    }
  }

  private WatchResponse timed(Journey journey) {
    return WatchResponse.newBuilder()
        .addJourneys(journey.toBuilder().setUnixNs(clock.unixNs(journey)))
        .build();
  }

  private WatchResponse timed(Finding finding) {
    long unixNs =
        finding.getUnixNs() == 0 ? clock.unixNs(finding.getJourney()) : finding.getUnixNs();
    return WatchResponse.newBuilder().addFindings(finding.toBuilder().setUnixNs(unixNs)).build();
  }

  /** Returns the time of the last journey or finding; 0 if it is not known. */
  public long endUnixNs() {
    long end = 0;
    for (WatchResponse item : items) {
      for (Journey journey : item.getJourneysList()) {
        end = Math.max(end, journey.getUnixNs());
      }
      for (Finding finding : item.getFindingsList()) {
        end = Math.max(end, finding.getUnixNs());
      }
    }
    return end;
  }

  /**
   * Returns the items that match a request, each in a batch of its own, and all losses, in order.
   *
   * @throws IllegalArgumentException if the request is malformed; its message is a sentence for the
   *     user
   */
  public List<WatchResponse> select(WatchRequest request) {
    WatchRequestFilter selection = WatchRequestFilter.of(request);
    List<WatchResponse> selected =
        items.stream().filter(item -> item.hasLost() || accepts(selection, item)).toList();
    return firstOf(lastOf(selected, request.getLast()), request.getFirst());
  }

  private static boolean accepts(WatchRequestFilter selection, WatchResponse item) {
    return item.getJourneysCount() > 0
        ? selection.wants(Kind.JOURNEY) && selection.accepts(item.getJourneys(0))
        : selection.wants(Kind.FINDING) && selection.accepts(item.getFindings(0));
  }

  private static List<WatchResponse> lastOf(List<WatchResponse> all, long count) {
    long left = count;
    int from = all.size();
    while (count > 0 && from > 0 && (left > 0 || all.get(from - 1).hasLost())) {
      from--;
      left -= all.get(from).hasLost() ? 0 : 1;
    }
    return count > 0 ? all.subList(from, all.size()) : all;
  }

  private static List<WatchResponse> firstOf(List<WatchResponse> all, long count) {
    long left = count;
    int to = 0;
    while (count > 0 && to < all.size() && left > 0) {
      left -= all.get(to).hasLost() ? 0 : 1;
      to++;
    }
    return count > 0 ? all.subList(0, to) : all;
  }
}
