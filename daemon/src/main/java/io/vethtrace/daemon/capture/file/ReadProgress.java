package io.vethtrace.daemon.capture.file;

import java.io.IOException;

/** The position of a reader in its file, and the message about what stops it there. */
final class ReadProgress {
  private final String file;
  private final FrameConsumer sink;
  private long frames;
  private long parts;
  private long partOffset;
  private String kind = "record";
  private String detail = "";

  ReadProgress(String file, FrameConsumer sink) {
    this.file = file;
    this.sink = sink;
  }

  String file() {
    return file;
  }

  /** Moves on to the next record or block. */
  void next(String newKind, long offset) {
    kind = newKind;
    detail = "";
    partOffset = offset;
    parts++;
  }

  /** Sets the kind of the current block. */
  void detail(String newDetail) {
    detail = newDetail;
  }

  void frame(CapturedFrame frame) {
    sink.frame(++frames, frame);
  }

  void found(FindingComment note) {
    sink.found(note);
  }

  void drop(CapturedFrame frame, String what) {
    sink.drop(++frames, frame, what);
  }

  ReadResult whole() {
    return new ReadResult.Whole(frames);
  }

  ReadResult damaged(MalformedCaptureException e) {
    return damaged(e.what());
  }

  ReadResult unreadable(IOException e) {
    return damaged("the file cannot be read on: " + reason(e));
  }

  private ReadResult damaged(String what) {
    return new ReadResult.Damaged(
        frames, "%s: %s at byte %d: %s".formatted(file, part(), partOffset, what));
  }

  private String part() {
    if (parts == 0) {
      return "the file's header";
    }
    return "%s %d%s".formatted(kind, parts, detail.isEmpty() ? "" : " (" + detail + ")");
  }

  static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
