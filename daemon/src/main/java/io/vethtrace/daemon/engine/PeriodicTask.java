package io.vethtrace.daemon.engine;

import java.time.Duration;

/** A task that runs at once and then periodically, on a thread of its own, until it is closed. */
public final class PeriodicTask implements AutoCloseable {
  private final String name;
  private final Duration period;
  private final Runnable task;
  private final Thread thread;

  private PeriodicTask(String name, Duration period, Runnable task) {
    this.name = name;
    this.period = period;
    this.task = task;
    thread = Thread.ofPlatform().name(name).unstarted(this::run);
  }

  /** Starts the task on a thread of that name. */
  public static PeriodicTask start(String name, Duration period, Runnable task) {
    PeriodicTask started = new PeriodicTask(name, period, task);
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        runOnce();
        Thread.sleep(period);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs the task; a run that fails must not be the last. */
  private void runOnce() {
    try {
      task.run();
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "'" + name + "' failed", e);
    }
  }

  /** Ends the task and waits for the run that goes on: what it reads may be closed after this. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
