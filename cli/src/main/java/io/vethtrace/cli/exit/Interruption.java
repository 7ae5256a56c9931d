package io.vethtrace.cli.exit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C, SIGTERM and SIGHUP as a value that the commands wait for beside everything else. The JVM
 * answers these signals by running its shutdown hooks while all other threads go on: the hook asks
 * the command to end, waits until it has printed what it knows, and exits with the command's code.
 */
public final class Interruption {
  /** A command that does not end in this time is ended as it is. */
  private static final long PATIENCE_SECONDS = 20;

  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Integer> finished = new CompletableFuture<>();

  /** An interruption that the process's own signals request. */
  public static Interruption bySignals() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("interruption").unstarted(interruption::onExit));
    return interruption;
  }

  /** Completes when the user wants an end. */
  public CompletableFuture<Void> requested() {
    return requested;
  }

  public boolean isRequested() {
    return requested.isDone();
  }

  public void request() {
    requested.complete(null);
  }

  /** Ends the process with the command's code, whoever began the end. */
  public void finish(int exitCode) {
    finished.complete(exitCode);
    System.exit(exitCode);
  }

  private void onExit() {
    if (finished.isDone()) {
      return;
    }
    request();
    Runtime.getRuntime().halt(awaitExitCode());
  }

  private int awaitExitCode() {
    try {
      return finished.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return ExitCode.INTERRUPTED;
    }
  }
}
