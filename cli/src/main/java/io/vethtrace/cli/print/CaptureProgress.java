package io.vethtrace.cli.print;

import io.vethtrace.v1.CaptureCounts;
import java.util.ArrayList;
import java.util.List;

/** How many frames a capture has, and what of them is known. */
public final class CaptureProgress {
  private CaptureProgress() {}

  /** One line that is written over the one before. */
  public static String line(CaptureCounts counts) {
    long lost = lost(counts);
    return "%d frames, %d wait%s"
        .formatted(counts.getFrames(), counts.getWaiting(), lost == 0 ? "" : ", " + lost + " LOST");
  }

  /** What was captured, and where it is. */
  public static String summary(CaptureCounts counts, String file) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d frames in %s: %d with what the kernel did to them"
            .formatted(counts.getFrames(), file, counts.getMatched()));
    add(lines, counts.getAmbiguous(), "of two packets that look alike: which one is not known");
    add(lines, counts.getUnmatched(), "without an event");
    add(lines, counts.getDrops(), "drops that no interface saw, added as frames");
    add(lines, counts.getLostByTaps(), "frames LOST: the kernel's buffer was full");
    add(lines, counts.getLostByClient(), "frames LOST: they were not written fast enough");
    add(lines, counts.getLostEvents(), "events LOST: what is said of frames may be incomplete");
    return String.join("\n", lines) + "\n";
  }

  private static void add(List<String> lines, long count, String what) {
    if (count > 0) {
      lines.add("%d %s".formatted(count, what));
    }
  }

  /** Frames and events that are missing, at whatever stage they were lost. */
  public static long lost(CaptureCounts counts) {
    return counts.getLostByTaps() + counts.getLostByClient() + counts.getLostEvents();
  }
}
