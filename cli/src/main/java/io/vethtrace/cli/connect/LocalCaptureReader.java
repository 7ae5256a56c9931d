package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.CaptureReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads captures with a child process, {@code vethtraced --explain}. The child has the rights of
 * the user who started this program, and traces nothing.
 */
public final class LocalCaptureReader {
  /** The time limit. Files may be large and disks slow; Ctrl-C ends it earlier. */
  private static final Duration TIME_LIMIT = Duration.ofDays(1);

  private LocalCaptureReader() {}

  /**
   * Returns the report on captures.
   *
   * @param withFrames true if the report is to name every frame
   */
  public static CaptureReport run(List<Path> files, boolean withFrames, Interruption interruption) {
    List<String> args = new ArrayList<>();
    args.add("--explain");
    files.forEach(file -> args.add(argument(file)));
    if (withFrames) {
      args.add("--frames");
    }
    CaptureReport.Builder message = CaptureReport.newBuilder();
    new SingleTaskDaemon("reading of the captures", args, TIME_LIMIT).run(interruption, message);
    return message.build();
  }

  /** Returns the file as an argument that vethtraced does not take for an option. */
  private static String argument(Path file) {
    return file.toString().startsWith("-") ? "./" + file : file.toString();
  }
}
