package io.vethtrace.daemon.engine.capture;

import static io.vethtrace.daemon.engine.EngineTimings.CAPTURE_END_NS;
import static io.vethtrace.daemon.engine.EngineTimings.CAPTURE_POLL;
import static io.vethtrace.daemon.engine.EngineTimings.JOIN_SPAN_NS;
import static io.vethtrace.daemon.engine.EngineTimings.JOURNEY_END_NS;

import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.engine.feed.FeedWatermark;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Journey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One client's capture. Taps fill a queue on their own threads; one thread takes frames, journeys
 * and findings, joins them, and sends what is old enough.
 */
public final class CaptureSession implements AutoCloseable {
  private static final int JOURNEYS = 1 << 15;
  private static final int BATCH = 4096;

  private final CaptureCallInputs sources;
  private final CaptureClient client;
  private final CaptureSpec spec;
  private final List<Tap> taps;
  private final Subscription<TraceItem> subscription;
  private final FrameQueue queue;
  private final FrameComments comments;
  private final FrameJoiner joiner;
  private final FeedWatermark complete;
  private final FrameFindings findings = new FrameFindings();
  private final CaptureOutput output;
  private final long beganUnixNs = WallClock.nowUnixNs();
  private final long lostEventsBefore;
  private long lostEvents;
  private volatile boolean stopping;
  private volatile boolean hurried;

  private CaptureSession(
      CaptureCallInputs sources,
      CaptureClient client,
      CaptureSpec spec,
      List<Tap> taps,
      Subscription<TraceItem> subscription,
      PcapngSection section) {
    this.sources = sources;
    this.client = client;
    this.spec = spec;
    this.taps = List.copyOf(taps);
    this.subscription = subscription;
    lostEventsBefore = sources.losses().lostEvents();
    queue = new FrameQueue(spec.maxFrames());
    complete = new FeedWatermark(sources.progress(), spec.namespaces());
    comments = new FrameComments(sources.names());
    joiner = new FrameJoiner(comments, spec, this.taps, this::noEvent);
    output = new CaptureOutput(client, this.taps, section, queue, findings);
  }

  /**
   * Opens a tap at each point.
   *
   * @throws TapException where one cannot be opened; then none is open
   */
  public static CaptureSession open(
      CaptureCallInputs sources, CaptureClient client, CaptureSpec spec, PcapngSection section)
      throws TapException {
    // Before the taps, so that the journeys of their first frames come too.
    Subscription<TraceItem> subscription = sources.feed().subscribe(JOURNEYS);
    List<Tap> taps = new ArrayList<>();
    boolean opened = false;
    try {
      for (TapPoint point : spec.points()) {
        taps.add(sources.taps().open(point, spec.options()));
      }
      CaptureSession session =
          new CaptureSession(sources, client, spec, taps, subscription, section);
      opened = true;
      return session;
    } finally {
      if (!opened) {
        taps.forEach(Tap::close);
        subscription.close();
      }
    }
  }

  private String noEvent(long frameUnixNs) {
    return "vethtrace: no event: " + reasonForNoEvent(frameUnixNs);
  }

  private String reasonForNoEvent(long frameUnixNs) {
    if (frameUnixNs < beganUnixNs) {
      return "it passed before the capture began";
    }
    if (lostEvents > 0) {
      return "it may be among the %d that were lost".formatted(lostEvents);
    }
    return sources.seesAll()
        ? "it passed no probe point"
        : "the daemon's filter may have left it out";
  }

  /** Reads the kernel's counters. */
  private void countLost() {
    lostEvents = sources.losses().lostEvents() - lostEventsBefore + subscription.lost();
  }

  /** Ends the capture of frames; a second call ends the wait for verdicts too. On any thread. */
  public void stop() {
    hurried = stopping;
    stopping = true;
  }

  /** Captures and sends until the end. */
  public void run() throws InterruptedException {
    output.begin();
    taps.forEach(tap -> tap.start(frame -> queue.offer(tap.point(), frame)));
    while (!isOver()) {
      step();
    }
    long endUnixNs = WallClock.nowUnixNs();
    queue.end(endUnixNs);
    joiner.end(endUnixNs);
    for (Tap tap : taps) {
      tap.stop();
    }
    finish();
  }

  private boolean isOver() {
    boolean nothingLeft = taps.stream().allMatch(tap -> tap.ended() != null);
    return stopping || queue.hasEnough() || nothingLeft || client.isCancelled();
  }

  /** Waits for the verdicts on the last packets, and sends the rest. */
  private void finish() throws InterruptedException {
    long stoppedNs = System.nanoTime();
    long stoppedUnixNs = WallClock.nowUnixNs();
    stepUntil(stoppedNs, () -> complete.untilUnixNs() >= stoppedUnixNs);
    long inFeedNs = System.nanoTime();
    stepUntil(stoppedNs, () -> sources.judgedUntilNs().getAsLong() - inFeedNs >= 0);
    countLost();
    absorb();
    join(Long.MAX_VALUE);
    while (output.waiting() > 0 && !client.isCancelled()) {
      send(Long.MAX_VALUE);
      if (!client.isReady()) {
        Thread.sleep(CAPTURE_POLL);
      }
    }
    if (!client.isCancelled()) {
      output.end(lostEvents, joiner.waiting());
    }
  }

  private void stepUntil(long stoppedNs, BooleanSupplier isDone) throws InterruptedException {
    while (!hurried
        && !client.isCancelled()
        && System.nanoTime() - stoppedNs < CAPTURE_END_NS
        && !isDone.getAsBoolean()) {
      step();
    }
  }

  private void step() throws InterruptedException {
    // The marks first: the items that they refer to are in the feed then.
    complete.advance();
    long judgedNs = sources.judgedUntilNs().getAsLong();
    countLost();
    absorb();
    long completeUnixNs = complete.untilUnixNs();
    join(completeUnixNs - JOIN_SPAN_NS);
    joiner.forget(completeUnixNs - 2 * JOIN_SPAN_NS);
    send(queue.isFull() ? Long.MAX_VALUE : WallClock.nowUnixNs() - holdNs(judgedNs));
  }

  /** Returns how long frames wait: a client that waits for verdicts waits for a slow daemon too. */
  private long holdNs(long judgedNs) {
    if (!spec.waitsForVerdicts()) {
      return spec.holdNs();
    }
    long unjudgedNs = System.nanoTime() - judgedNs + JOURNEY_END_NS;
    return Math.max(spec.holdNs(), Math.min(unjudgedNs, CAPTURE_END_NS));
  }

  private void absorb() throws InterruptedException {
    int left = Math.max(1, subscription.queued()); // later items are for the next step
    Duration patience = CAPTURE_POLL;
    while (left > 0) {
      List<TraceItem> items = subscription.take(Math.min(left, BATCH), patience);
      items.forEach(this::absorb);
      left -= items.isEmpty() ? left : items.size();
      patience = Duration.ZERO;
    }
    queue.drain().forEach(joiner::add);
  }

  private void absorb(TraceItem item) {
    switch (item) {
      case TraceItem.JourneyEnded ended -> absorb(ended.journey());
      case TraceItem.FaultFound found -> absorb(found.finding());
    }
  }

  private void absorb(Journey journey) {
    joiner.add(journey);
    if (!findings.isEmpty() && !journey.isDropped()) {
      ConversationKey.Keyed keyed = journey.keyed();
      if (keyed.role() == ConversationKey.Role.REPLY) {
        findings.answered(keyed.key(), joiner.unixNs(journey.first()));
      }
    }
  }

  private void absorb(Finding finding) {
    Journey proof = finding.proof();
    findings.add(
        proof.keyed().key(),
        comments.of(finding),
        joiner.unixNs(proof.first()),
        WallClock.nowUnixNs());
  }

  private void join(long beforeUnixNs) {
    for (JoinedFrame frame : joiner.take(beforeUnixNs)) {
      if (frame.kind() == JoinedFrame.Kind.DROP) { // the others took room as they came
        queue.hold(frame.frame());
      }
      output.add(frame);
    }
  }

  private void send(long beforeUnixNs) {
    output.send(beforeUnixNs, lostEvents, joiner.waiting());
  }

  @Override
  public void close() {
    subscription.close();
    taps.forEach(Tap::close);
  }
}
