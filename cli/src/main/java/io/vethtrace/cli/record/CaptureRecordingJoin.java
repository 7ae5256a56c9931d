package io.vethtrace.cli.record;

import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.CapturedJourney;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.FrameRef;
import io.vethtrace.v1.WhyReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Joins captures with a recording of the same time, which says what the kernel did with frames. */
public final class CaptureRecordingJoin {
  private static final int MAX_FRAMES = 1000;

  private CaptureRecordingJoin() {}

  /**
   * Returns a report with the findings of both. A finding of the captures is left out if a recorded
   * finding is about the same frame, because that one says more.
   */
  public static CaptureReport join(CaptureReport captures, Recording recording) {
    WhyReport recorded = recording.summary();
    JourneyFrames frames =
        new JourneyFrames(captures.getFramesList(), recording.header().getRealtimeOffsetNs());
    List<CapturedJourney> journeys =
        recorded.getJourneysList().stream()
            .map(journey ->
                CapturedJourney.newBuilder()
                    .setJourney(journey)
                    .addAllFrames(frames.of(journey))
                    .build())
            .toList();
    CaptureReport.Builder joined = captures.toBuilder().clearFrames().addAllJourneys(journeys);
    joined.clearFindings().addAllFindings(findings(captures, recorded, journeys));
    return joined.addAllLimits(limits(recording, recorded)).build();
  }

  private static List<Finding> findings(
      CaptureReport captures, WhyReport recorded, List<CapturedJourney> journeys) {
    List<Finding> all = new ArrayList<>();
    Set<FrameRef> explained = new HashSet<>();
    for (Finding finding : recorded.getFindingsList()) {
      List<FrameRef> frames = frames(finding, journeys);
      explained.addAll(frames);
      all.add(finding.toBuilder().addAllFrames(frames).build());
    }
    captures.getFindingsList().stream()
        .filter(finding -> finding.getFramesList().stream().noneMatch(explained::contains))
        .forEach(all::add);
    return all;
  }

  /** Returns the frames of the journey of a finding and of repetitions of its packet. */
  private static List<FrameRef> frames(Finding finding, List<CapturedJourney> journeys) {
    return journeys.stream()
        .filter(
            journey -> journey.getJourney().getPacket().equals(finding.getJourney().getPacket()))
        .flatMap(journey -> journey.getFramesList().stream())
        .distinct()
        .limit(MAX_FRAMES)
        .toList();
  }

  private static List<String> limits(Recording recording, WhyReport recorded) {
    List<String> limits = new ArrayList<>();
    recording.damage().ifPresent(limits::add);
    if (recorded.getLostEvents() != 0 && recording.damage().isEmpty()) {
      limits.add(
          "%s events were lost while it was recorded"
              .formatted(Integer.toUnsignedString(recorded.getLostEvents())));
    }
    if (recording.header().getRealtimeOffsetNs() == 0) {
      limits.add(
          "the recording is of an older vethtrace and lacks the time of its clock, so no frame can be"
              + " joined with it");
    }
    return limits;
  }
}
