package io.vethtrace.cli.investigate;

import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The investigated command and its descendants. It has the standard streams of this program. */
final class TracedCommand implements AutoCloseable {
  /** The limit for a process that cannot be killed (uninterruptible sleep, another user). */
  private static final int KILL_ROUNDS = 200;

  private static final Duration KILL_INTERVAL = Duration.ofMillis(5);

  private final Process process;
  private final ProcessTree tree;
  private final ProcessFollower follower;

  private TracedCommand(Process process, List<String> argv) {
    this.process = process;
    this.tree = new ProcessTree(process.toHandle(), argv);
    this.follower = ProcessFollower.of(tree);
  }

  static TracedCommand start(InvestigationRequest request) {
    try {
      Process process = new ProcessBuilder(argv(request)).inheritIO().start();
      return new TracedCommand(process, request.argv());
    } catch (IOException e) {
      throw Failure.usage(
          "cannot run '%s': %s".formatted(request.argv().getFirst(), e.getMessage()));
    }
  }

  /** Lets a shell redirect the output: only its dup2 passes on any kind of standard error. */
  private static List<String> argv(InvestigationRequest request) {
    if (!request.stdoutToStderr()) {
      return request.argv();
    }
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 1>&2", "vethtrace"));
    argv.addAll(request.argv());
    return argv;
  }

  long pid() {
    return process.pid();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** Returns the namespaces of its processes, and stops following them. */
  Set<Long> netnsInodes() {
    follower.close();
    return tree.netnsInodes();
  }

  boolean hasEndedWithin(Duration limit) {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Sends SIGTERM to all its processes. */
  void terminate() {
    tree.signal(false);
  }

  /** Kills all its processes. The next round finds a process that was forked meanwhile. */
  void kill() {
    for (int round = 0; round < KILL_ROUNDS; round++) {
      tree.signal(true);
      if (hasEndedWithin(KILL_INTERVAL) && tree.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(KILL_INTERVAL.toNanos());
    }
  }

  /** Returns its exit code, which is 128 + n if signal n ended it. */
  int exitCode() {
    if (process.isAlive()) {
      throw Failure.notPossible(
          "process %d cannot be ended; end it yourself".formatted(process.pid()));
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    follower.close();
  }
}
