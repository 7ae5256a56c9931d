package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.CaptureReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code vethtraced --explain} as this program's child: it reads captures, as the user who started
 * this program, and traces nothing.
 */
public final class LocalCaptureReader {
  /** Large files on slow disks; Ctrl-C ends it before. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private LocalCaptureReader() {}

  /**
   * What the captures show.
   *
   * @param withFrames whether to name every frame
   */
  public static CaptureReport run(List<Path> files, boolean withFrames, Interruption interruption) {
    List<String> args = new ArrayList<>();
    args.add("--explain");
    files.forEach(file -> args.add(argument(file)));
    if (withFrames) {
      args.add("--frames");
    }
    CaptureReport.Builder message = CaptureReport.newBuilder();
    new SingleTaskDaemon("reading of the captures", args, PATIENCE).run(interruption, message);
    return message.build();
  }

  /** A name that begins with a dash is no option. */
  private static String argument(Path file) {
    return file.toString().startsWith("-") ? "./" + file : file.toString();
  }
}
