package io.vethtrace.cli.exit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A signal that ends the program (SIGINT, SIGTERM, SIGHUP), as a future that commands wait for. The
 * JVM answers these signals with its shutdown hooks while all other threads go on. The hook here
 * asks the command to end, waits until it has printed its result, and exits with the command's
 * code.
 */
public final class Interruption {
  /** The time after which the process exits without waiting for the command any longer. */
  private static final long PATIENCE_SECONDS = 20;

  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Integer> finished = new CompletableFuture<>();

  /** Returns an interruption that the signals of this process request. */
  public static Interruption bySignals() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("interruption").unstarted(interruption::onExit));
    return interruption;
  }

  /** Completes when the user asks for an end. */
  public CompletableFuture<Void> requested() {
    return requested;
  }

  public boolean isRequested() {
    return requested.isDone();
  }

  public void request() {
    requested.complete(null);
  }

  /** Ends the process with the command's code, if by itself or after a signal. */
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
