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

/** Captures and a recording of the same time: what the kernel did, and with which frames. */
public final class CaptureRecordingJoin {
  private static final int MAX_FRAMES = 1000;

  private CaptureRecordingJoin() {}

  /**
   * The findings of both. One of the captures' that is about a frame of a recorded finding says
   * less than that, and is left out.
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

  /** Those of the journey that proves it, and of the other tries of the same packet. */
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
          "the recording is of an older vethtrace: it does not say what time its clock had, so that"
              + " no frame can be joined with it");
    }
    return limits;
  }
}
