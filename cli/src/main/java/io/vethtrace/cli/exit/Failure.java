package io.vethtrace.cli.exit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** An expected end without a result: one sentence for the user and the exit code. */
public final class Failure extends RuntimeException {
  private final int exitCode;

  private Failure(int exitCode, String sentence) {
    super(sentence, null, false, false);
    this.exitCode = exitCode;
  }

  /** Returns a failure for a wrong command line. */
  public static Failure usage(String sentence) {
    return new Failure(ExitCode.USAGE, sentence);
  }

  /** Returns a failure for a system on which the command cannot do its work. */
  public static Failure notPossible(String sentence) {
    return new Failure(ExitCode.NOT_POSSIBLE, sentence);
  }

  /** Returns a failure for a signal that came before there was a result. */
  public static Failure interrupted(String sentence) {
    return new Failure(ExitCode.INTERRUPTED, sentence);
  }

  /** Returns the system's words for an error, without the name of the file. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  public int exitCode() {
    return exitCode;
  }

  /** Returns the sentence, which says what is wrong and what to do. It has no prefix. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
