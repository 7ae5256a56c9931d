package io.vethtrace.cli.connect;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.cli.Failure;
import io.vethtrace.cli.Interruption;
import io.vethtrace.v1.DoctorResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * {@code vethtraced --examine} as this program's child: it looks once, prints one message as JSON
 * and ends, and listens nowhere.
 */
public final class Examination {
  /** A guest without KVM needs tens of seconds for a JVM with all its probes. */
  private static final long PATIENCE_SECONDS = 300;

  private Examination() {}

  /** What the child says. */
  public static DoctorResponse run(Interruption interruption) {
    Process child = spawn(Launcher.find());
    LastWords lastWords = LastWords.of(child.errorReader());
    CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(child.inputReader()));
    try {
      await(child, interruption);
      return message(said.join(), child, lastWords);
    } finally {
      child.destroy();
    }
  }

  private static Process spawn(Path launcher) {
    try {
      return new ProcessBuilder(launcher.toString(), "--examine").start();
    } catch (IOException e) {
      throw Failure.notPossible("cannot start %s: %s".formatted(launcher, e.getMessage()));
    }
  }

  private static String read(BufferedReader stdout) {
    return stdout.lines().collect(Collectors.joining("\n"));
  }

  private static void await(Process child, Interruption interruption) {
    try {
      CompletableFuture.anyOf(child.onExit(), interruption.requested())
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw Failure.notPossible(
          "the examination did not end within %d s".formatted(PATIENCE_SECONDS));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("waiting for the examination", e);
    }
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted before the examination ended");
    }
  }

  private static DoctorResponse message(String said, Process child, LastWords lastWords) {
    DoctorResponse.Builder message = DoctorResponse.newBuilder();
    try {
      if (!said.isBlank()) {
        JsonFormat.parser().ignoringUnknownFields().merge(said, message);
        return message.build();
      }
    } catch (InvalidProtocolBufferException e) {
      // Whatever printed that is no vethtraced of this version.
    }
    throw Failure.notPossible(
        lastWords
            .sentence()
            .orElseGet(() ->
                "vethtraced --examine ended with code %d and did not say what it found"
                    .formatted(child.exitValue())));
  }
}
