package io.vethtrace.daemon.app;

import io.vethtrace.daemon.probe.ring.EventReader;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one thread on which the ring is read and events become journeys. */
final class TraceLoop implements AutoCloseable {
  private static final int WAIT_MILLIS = 20;
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EventReader reader;
  private final JourneyTracker tracker;
  private final Consumer<Event> seen;
  private final Runnable afterFailure;
  private final ConcurrentLinkedQueue<CompletableFuture<Void>> waiting =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<AwaitedQuiet> awaitingQuiet = new ConcurrentLinkedQueue<>();
  private final Thread thread = Thread.ofPlatform().name("trace").unstarted(this::run);
  private volatile boolean running = true;
  private volatile boolean ended;
  private volatile Counts counts = new Counts(0, 0, 0, 0);

  /**
   * What went through so far: read = joined + ignored + malformed.
   *
   * @param read records taken from the ring
   * @param joined events that became part of a journey
   * @param ignored events of skbs that nothing but their end was seen of
   * @param malformed records that were no events
   */
  record Counts(long read, long joined, long ignored, long malformed) {}

  /** Somebody waits until the journeys of these namespaces have ended that began before then. */
  private record AwaitedQuiet(Set<Integer> netns, long beforeNs, CompletableFuture<Void> done) {}

  /** {@code afterFailure} runs on the trace thread if it dies of an exception. */
  TraceLoop(EventReader reader, JourneyTracker tracker, Runnable afterFailure) {
    this(reader, tracker, _ -> {}, afterFailure);
  }

  /** {@code seen} gets each event too, before its journey does. */
  TraceLoop(
      EventReader reader, JourneyTracker tracker, Consumer<Event> seen, Runnable afterFailure) {
    this.reader = reader;
    this.tracker = tracker;
    this.seen = seen;
    this.afterFailure = afterFailure;
  }

  void start() {
    thread.start();
  }

  /** Completes when what is in the ring now has been read; exceptionally if it never will be. */
  CompletableFuture<Void> drained() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.add(done);
    if (ended) {
      tellEnded();
    }
    return done;
  }

  /**
   * Completes when the journeys that have begun by now and passed one of these namespaces have
   * ended; exceptionally if they never will.
   */
  CompletableFuture<Void> quiet(Set<Integer> netns) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    awaitingQuiet.add(new AwaitedQuiet(Set.copyOf(netns), System.nanoTime(), done));
    if (ended) {
      tellEnded();
    }
    return done;
  }

  /** Whether events are read. */
  boolean isRunning() {
    return running && !ended;
  }

  Counts counts() {
    return counts;
  }

  private void run() {
    try {
      loop();
    } catch (RuntimeException | Error e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "the trace thread died", e);
      afterFailure.run();
    } finally {
      ended = true;
      tellEnded();
    }
  }

  private void loop() {
    long nextTickNs = System.nanoTime();
    while (running) {
      int before = waiting.size();
      long beganNs = System.nanoTime();
      boolean empty = reader.drain(this::accept) == 0;
      long nowNs = System.nanoTime();
      if (nowNs - nextTickNs >= 0) {
        // System.nanoTime is CLOCK_MONOTONIC on Linux, as bpf_ktime_get_ns is.
        tracker.tick(nowNs);
        nextTickNs = nowNs + TICK_NS;
      }
      publishCounts();
      tellDrained(before);
      tellQuiet(beganNs);
      if (empty) {
        reader.awaitData(WAIT_MILLIS);
      }
    }
  }

  private void accept(Event event) {
    seen.accept(event);
    tracker.accept(event);
  }

  private void tellDrained(int count) {
    for (int i = 0; i < count; i++) {
      waiting.remove().complete(null);
    }
  }

  /** Tells those who asked before {@code drainedNs}: what was in the ring then has been read. */
  private void tellQuiet(long drainedNs) {
    awaitingQuiet.removeIf(awaited ->
        awaited.beforeNs() < drainedNs
            && tracker.isQuiet(awaited.netns(), awaited.beforeNs())
            && awaited.done().complete(null));
  }

  private void tellEnded() {
    IllegalStateException why = new IllegalStateException("the trace loop has ended");
    for (var done = waiting.poll(); done != null; done = waiting.poll()) {
      done.completeExceptionally(why);
    }
    for (var quiet = awaitingQuiet.poll(); quiet != null; quiet = awaitingQuiet.poll()) {
      quiet.done().completeExceptionally(why);
    }
  }

  private void publishCounts() {
    long malformed = reader.malformed();
    long joined = tracker.joined();
    long ignored = tracker.ignored();
    counts = new Counts(joined + ignored + malformed, joined, ignored, malformed);
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
