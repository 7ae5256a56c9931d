package io.vethtrace.cli.print;

import io.vethtrace.v1.CaptureCounts;
import java.util.ArrayList;
import java.util.List;

/** Text about the progress of a capture and its result. */
public final class CaptureProgress {
  private CaptureProgress() {}

  /** Returns one line, to be printed over the line before. */
  public static String line(CaptureCounts counts) {
    long lost = lost(counts);
    return "%d frames, %d waiting%s"
        .formatted(counts.getFrames(), counts.getWaiting(), lost == 0 ? "" : ", " + lost + " LOST");
  }

  /** Returns the summary of a capture. */
  public static String summary(CaptureCounts counts, String file) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d frames in %s: %d with what the kernel did to them"
            .formatted(counts.getFrames(), file, counts.getMatched()));
    add(lines, counts.getAmbiguous(), "could belong to one of two packets that look alike");
    add(lines, counts.getUnmatched(), "without an event");
    add(lines, counts.getDrops(), "drops that no interface saw, added as frames");
    add(lines, counts.getLostByTaps(), "frames LOST: the kernel's buffer was full");
    add(lines, counts.getLostByClient(), "frames LOST: they were not written fast enough");
    add(lines, counts.getLostEvents(), "events LOST: comments of frames may be missing");
    return String.join("\n", lines) + "\n";
  }

  private static void add(List<String> lines, long count, String what) {
    if (count > 0) {
      lines.add("%d %s".formatted(count, what));
    }
  }

  /** Returns the number of frames and events that were lost, at all stages. */
  public static long lost(CaptureCounts counts) {
    return counts.getLostByTaps() + counts.getLostByClient() + counts.getLostEvents();
  }
}
