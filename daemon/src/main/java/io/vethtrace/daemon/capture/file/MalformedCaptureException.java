package io.vethtrace.daemon.capture.file;

import com.google.errorprone.annotations.FormatMethod;
import java.io.Serial;

/** Ends the reading of one file; it leaves this package as a {@link ReadResult.Damaged}. */
final class MalformedCaptureException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private MalformedCaptureException(String what) {
    super(what, null, false, false);
  }

  @FormatMethod
  static MalformedCaptureException of(String format, Object... args) {
    return new MalformedCaptureException(format.formatted(args));
  }

  static MalformedCaptureException cutOff() {
    return new MalformedCaptureException("the file is cut off in it");
  }

  /** Returns the error as the rest of a sentence that begins with its position. */
  String what() {
    return String.valueOf(getMessage());
  }
}
