package io.vethtrace.daemon.app;

import io.vethtrace.daemon.engine.feed.FeedProgress;
import io.vethtrace.daemon.probe.ring.EventReader;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one thread that reads the ring and makes journeys of events. */
final class TraceLoop implements FeedProgress, AutoCloseable {
  private static final int WAIT_MILLIS = 20;
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EventReader reader;
  private final JourneyTracker tracker;
  private final Consumer<Event> seen;
  private final Runnable afterFailure;
  private final ConcurrentLinkedQueue<CompletableFuture<Void>> drainWaits =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<JourneyWait> journeyWaits = new ConcurrentLinkedQueue<>();
  private final Thread thread = Thread.ofPlatform().name("trace").unstarted(this::run);
  private volatile boolean running = true;
  private volatile boolean ended;
  private volatile Counts counts = new Counts(0, 0, 0, 0);

  /**
   * The counts so far: read = joined + ignored + malformed.
   *
   * @param read records that were taken from the ring
   * @param joined events that became part of a journey
   * @param ignored events of skbs of which only the end was seen
   * @param malformed records that were no events
   */
  record Counts(long read, long joined, long ignored, long malformed) {}

  /** A wait until the journeys of these namespaces that began before then have ended. */
  private record JourneyWait(Set<Integer> netns, long beforeNs, CompletableFuture<Void> done) {}

  /** Creates the loop; {@code afterFailure} runs on its thread if an exception ends it. */
  TraceLoop(EventReader reader, JourneyTracker tracker, Runnable afterFailure) {
    this(reader, tracker, _ -> {}, afterFailure);
  }

  /** Creates the loop; {@code seen} gets each event too, before its journey does. */
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

  /** Completes exceptionally if the loop has ended. */
  @Override
  public CompletableFuture<Void> drained() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    drainWaits.add(done);
    if (ended) {
      failWaits();
    }
    return done;
  }

  /** Completes exceptionally if the loop has ended. */
  @Override
  public CompletableFuture<Void> journeysEnded(Set<Integer> netns) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    journeyWaits.add(new JourneyWait(Set.copyOf(netns), System.nanoTime(), done));
    if (ended) {
      failWaits();
    }
    return done;
  }

  /** Returns true while events are read. */
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
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "the trace thread failed", e);
      afterFailure.run();
    } finally {
      ended = true;
      failWaits();
    }
  }

  private void loop() {
    long nextTickNs = System.nanoTime();
    while (running) {
      int before = drainWaits.size();
      long beganNs = System.nanoTime();
      boolean empty = reader.drain(this::accept) == 0;
      long nowNs = System.nanoTime();
      if (nowNs - nextTickNs >= 0) {
        // System.nanoTime is CLOCK_MONOTONIC on Linux, as bpf_ktime_get_ns is.
        tracker.tick(nowNs);
        nextTickNs = nowNs + TICK_NS;
      }
      publishCounts();
      completeDrainWaits(before);
      completeJourneyWaits(beganNs);
      if (empty) {
        reader.awaitData(WAIT_MILLIS);
      }
    }
  }

  private void accept(Event event) {
    seen.accept(event);
    tracker.accept(event);
  }

  private void completeDrainWaits(int count) {
    for (int i = 0; i < count; i++) {
      drainWaits.remove().complete(null);
    }
  }

  /** Completes waits from before {@code drainedNs}: what was in the ring then has been read. */
  private void completeJourneyWaits(long drainedNs) {
    journeyWaits.removeIf(wait ->
        wait.beforeNs() < drainedNs
            && tracker.isQuiet(wait.netns(), wait.beforeNs())
            && wait.done().complete(null));
  }

  private void failWaits() {
    IllegalStateException cause = new IllegalStateException("the trace loop has ended");
    for (var done = drainWaits.poll(); done != null; done = drainWaits.poll()) {
      done.completeExceptionally(cause);
    }
    for (var wait = journeyWaits.poll(); wait != null; wait = journeyWaits.poll()) {
      wait.done().completeExceptionally(cause);
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
