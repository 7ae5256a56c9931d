package io.vethtrace.daemon.engine;

import java.time.Duration;

/** A task that is done at once and then every so often, on a thread of its own, until closed. */
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

  /** Begins; {@code name} is the thread's. */
  public static PeriodicTask start(String name, Duration period, Runnable task) {
    PeriodicTask repeated = new PeriodicTask(name, period, task);
    repeated.thread.start();
    return repeated;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        doOnce();
        Thread.sleep(period);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that fails must not be the last. */
  private void doOnce() {
    try {
      task.run();
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "'" + name + "' failed", e);
    }
  }

  /** Returns when the task runs no more: what it reads is about to go. */
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
