package io.vethtrace.cli.connect;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code vethtraced} as this program's child that does one thing, prints one message as JSON and
 * ends. It listens nowhere.
 *
 * @param name what it does, for sentences
 * @param args its command line
 * @param patience how long it may take
 */
record SingleTaskDaemon(String name, List<String> args, Duration patience) {
  SingleTaskDaemon {
    args = List.copyOf(args);
  }

  /** Puts what the child says into {@code message}. */
  void run(Interruption interruption, Message.Builder message) {
    Process child = spawn(DaemonLauncher.find());
    LastErrorLine lastWords = LastErrorLine.of(child.errorReader());
    CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(child.inputReader()));
    try {
      await(child, interruption);
      merge(said.join(), message, child, lastWords);
    } finally {
      child.destroy();
    }
  }

  private Process spawn(Path launcher) {
    List<String> command = Stream.concat(Stream.of(launcher.toString()), args.stream()).toList();
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw Failure.notPossible("cannot start %s: %s".formatted(launcher, e.getMessage()));
    }
  }

  private static String read(BufferedReader stdout) {
    return stdout.lines().collect(Collectors.joining("\n"));
  }

  private void await(Process child, Interruption interruption) {
    try {
      CompletableFuture.anyOf(child.onExit(), interruption.requested())
          .get(patience.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw Failure.notPossible(
          "the %s did not end within %d s".formatted(name, patience.toSeconds()));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("waiting for the " + name, e);
    }
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted before the %s ended".formatted(name));
    }
  }

  private void merge(String said, Message.Builder message, Process child, LastErrorLine lastWords) {
    try {
      if (!said.isBlank()) {
        JsonFormat.parser().ignoringUnknownFields().merge(said, message);
        return;
      }
    } catch (InvalidProtocolBufferException e) {
      // Whatever printed that is no vethtraced of this version.
    }
    String sentence =
        lastWords
            .sentence()
            .orElseGet(() ->
                "vethtraced %s ended with code %d and did not say what it found"
                    .formatted(args.getFirst(), child.exitValue()));
    throw child.exitValue() == ExitCode.USAGE
        ? Failure.usage(sentence)
        : Failure.notPossible(sentence);
  }
}
