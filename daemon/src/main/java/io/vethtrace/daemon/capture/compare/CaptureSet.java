package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.file.ReadResult;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The frames of several captures.
 *
 * @param frameRecords the frames in order of time; those without a time come first
 * @param isWhole false where there were more than {@link #MAX_FRAMES}: then the set ends for all
 *     files where it ends for the first of them, so that nothing seems to be missing from another
 */
public record CaptureSet(
    List<CaptureFile> files,
    List<CaptureFilePoint> points,
    List<FrameRecord> frameRecords,
    boolean isWhole) {

  /**
   * The maximum number of frames that are compared. A frame record takes a few hundred bytes of
   * memory.
   */
  public static final int MAX_FRAMES = 250_000;

  /**
   * A file, and how far it could be read.
   *
   * @param frames the number of all its frames, compared or not
   * @param drops of them those that no interface saw and that are not compared: how many by what
   *     became of them
   */
  public record CaptureFile(Path path, ReadResult reading, long frames, Map<String, Long> drops) {
    public CaptureFile {
      drops = Collections.unmodifiableMap(drops); // in their order
    }
  }

  public CaptureSet {
    files = List.copyOf(files);
    points = List.copyOf(points);
    frameRecords = List.copyOf(frameRecords);
  }

  /** Returns the capture point of a frame. */
  public CaptureFilePoint pointOf(FrameRecord frame) {
    return points.get(frame.point());
  }
}
