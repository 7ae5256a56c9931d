package io.vethtrace.cli.exit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** An expected end without a result: one sentence for the user, and the exit code. */
public final class Failure extends RuntimeException {
  private final int exitCode;

  private Failure(int exitCode, String sentence) {
    super(sentence, null, false, false);
    this.exitCode = exitCode;
  }

  public static Failure usage(String sentence) {
    return new Failure(ExitCode.USAGE, sentence);
  }

  public static Failure notPossible(String sentence) {
    return new Failure(ExitCode.NOT_POSSIBLE, sentence);
  }

  public static Failure interrupted(String sentence) {
    return new Failure(ExitCode.INTERRUPTED, sentence);
  }

  /** What is wrong, in the system's words; of a file that the sentence has named already. */
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

  /** What is missing and what to do, without a prefix. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
