package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A daemon that this program started as its child. It prints {@code READY} once it serves, or one
 * sentence about what is missing. It ends with its standard input, even if this program is killed.
 */
final class PrivateDaemon implements AutoCloseable {
  private static final String READY = "READY";

  /** A guest without KVM needs tens of seconds for a JVM with all its probes. */
  private static final long START_SECONDS = 120;

  private static final long END_SECONDS = 10;

  private final PrivateSocketDirectory directory;
  private final Process process;
  private final Writer stdin;
  private final LastErrorLine errorLine;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private PrivateDaemon(PrivateSocketDirectory directory, Process process) {
    this.directory = directory;
    this.process = process;
    this.stdin = process.outputWriter();
    this.errorLine = LastErrorLine.of(process.errorReader());
    Thread.ofPlatform().daemon().name("daemon-stdout").start(this::readStdout);
  }

  /**
   * Starts a private daemon and waits until it serves.
   *
   * @param options further options of vethtraced
   */
  static PrivateDaemon start(List<String> options, Interruption interruption) {
    Path launcher = DaemonLauncher.find();
    PrivateSocketDirectory directory = PrivateSocketDirectory.create();
    PrivateDaemon daemon = new PrivateDaemon(directory, spawn(launcher, options, directory));
    try {
      daemon.awaitReady(interruption);
      return daemon;
    } catch (RuntimeException e) {
      daemon.close();
      throw e;
    }
  }

  private static Process spawn(
      Path launcher, List<String> options, PrivateSocketDirectory directory) {
    try {
      List<String> command = new ArrayList<>(List.of(launcher.toString(), "--private"));
      command.addAll(options);
      command.addAll(List.of("--socket", directory.socket().toString()));
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      directory.delete();
      throw Failure.notPossible("cannot start %s: %s".formatted(launcher, e.getMessage()));
    }
  }

  private void readStdout() {
    try (BufferedReader reader = process.inputReader()) {
      String line = reader.readLine();
      while (line != null) {
        if (line.equals(READY)) {
          ready.complete(null);
        }
        line = reader.readLine();
      }
    } catch (IOException e) {
      // The daemon has ended, which the process shows.
    }
  }

  private void awaitReady(Interruption interruption) {
    try {
      CompletableFuture.anyOf(ready, process.onExit(), interruption.requested())
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw Failure.notPossible(
          "the private daemon did not begin to serve within %d s".formatted(START_SECONDS));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("waiting for the private daemon", e);
    }
    if (!ready.isDone()) {
      throw interruption.isRequested()
          ? Failure.interrupted("interrupted before anything was traced")
          : ended();
    }
  }

  private Failure ended() {
    return process.exitValue() == ExitCode.USAGE
        ? Failure.usage(reasonOfEnd())
        : Failure.notPossible(reasonOfEnd());
  }

  private String reasonOfEnd() {
    return errorLine
        .sentence()
        .orElseGet(() ->
            "the private daemon ended with code %d before it served and gave no reason"
                .formatted(process.exitValue()));
  }

  ServerAddress address() {
    return new ServerAddress.Unix(directory.socket());
  }

  /** Returns the error message of a daemon that has ended; empty while it runs. */
  Optional<String> lastErrorLine() {
    return process.isAlive() ? Optional.empty() : errorLine.sentence();
  }

  /** Deletes the socket file. A connection does not need it, and nothing is then left behind. */
  void deleteSocketFile() {
    directory.delete();
  }

  /** Lets the daemon end this process and its descendants if this program dies. */
  void commandStarted(long pid) {
    send("follow " + pid);
  }

  /** Tells the daemon that this process has ended. */
  void commandEnded(long pid) {
    send("done " + pid);
  }

  private void send(String line) {
    try {
      stdin.write(line + "\n");
      stdin.flush();
    } catch (IOException e) {
      // The daemon has died; the running call reports that.
    }
  }

  @Override
  public void close() {
    try {
      stdin.close();
    } catch (IOException e) {
      // The daemon has died; there is nothing to end.
    }
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
    directory.delete();
  }
}
