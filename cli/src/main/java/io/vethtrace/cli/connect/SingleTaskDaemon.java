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
 * A child process of {@code vethtraced} that does one task, prints one message as JSON, and ends.
 * It does not listen.
 *
 * @param name the task, for error messages
 * @param args the arguments of vethtraced
 * @param timeLimit the time that the task may take
 */
record SingleTaskDaemon(String name, List<String> args, Duration timeLimit) {
  SingleTaskDaemon {
    args = List.copyOf(args);
  }

  /** Runs the child and puts the message that it prints into {@code message}. */
  void run(Interruption interruption, Message.Builder message) {
    Process child = spawn(DaemonLauncher.find());
    LastErrorLine errorLine = LastErrorLine.of(child.errorReader());
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> read(child.inputReader()));
    try {
      await(child, interruption);
      merge(output.join(), message, child, errorLine);
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
          .get(timeLimit.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw Failure.notPossible(
          "the %s did not end within %d s".formatted(name, timeLimit.toSeconds()));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("waiting for the " + name, e);
    }
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted before the %s ended".formatted(name));
    }
  }

  private void merge(
      String output, Message.Builder message, Process child, LastErrorLine errorLine) {
    try {
      if (!output.isBlank()) {
        JsonFormat.parser().ignoringUnknownFields().merge(output, message);
        return;
      }
    } catch (InvalidProtocolBufferException e) {
      // Another program printed this, or another version of vethtraced.
    }
    String sentence =
        errorLine
            .sentence()
            .orElseGet(() ->
                "vethtraced %s ended with code %d and without a report"
                    .formatted(args.getFirst(), child.exitValue()));
    throw child.exitValue() == ExitCode.USAGE
        ? Failure.usage(sentence)
        : Failure.notPossible(sentence);
  }
}
