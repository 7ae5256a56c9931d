package io.vethtrace.daemon.engine.capture;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.capture.file.PcapngWriter;
import io.vethtrace.daemon.capture.live.FrameJoin;
import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.FeedWatermark;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.CaptureCounts;
import io.vethtrace.v1.CaptureResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One client's capture. Taps fill a queue on their own threads; one thread takes frames, journeys
 * and findings, joins them, and sends what is old enough.
 */
public final class CaptureSession implements AutoCloseable {
  /** A daemon that is slower than this with what it has read does not get to an end. */
  private static final long PATIENT_NS = Duration.ofSeconds(15).toNanos();

  /** Longer than a tap and the probe point beside it can be apart. */
  private static final long BESIDE_NS = FrameJoin.BESIDE_NS + Duration.ofMillis(50).toNanos();

  private static final int BATCH = 4096;
  private static final Duration PATIENCE = Duration.ofMillis(20);

  /** A packet that nobody frees is followed for a second, and told of with the next tick. */
  static final long JOURNEYS_NS = Duration.ofMillis(1500).toNanos();

  /** Blocks are gathered up to here: a message is copied a few times on its way. */
  private static final int MESSAGE_BYTES = 1 << 18;

  private final Tracing tracing;
  private final ServerCallStreamObserver<CaptureResponse> client;
  private final CaptureSpec wish;
  private final List<Tap> taps;
  private final FrameQueue queue;
  private final Subscription<TraceItem> subscription;
  private final FrameComments comments;
  private final FrameJoiner joiner;
  private final FeedWatermark complete;
  private final PcapngSection section;
  private final Queue<JoinedFrame> judged = new ArrayDeque<>();
  private final PcapngWriter blocks = new PcapngWriter();
  private final FrameFindings findings = new FrameFindings();
  private final Set<String> told = new HashSet<>();
  private final long lostEventsBefore;
  private long lostEvents;
  private final long beganUnixNs;
  private final Map<JoinedFrame.Kind, Long> sent = new EnumMap<>(JoinedFrame.Kind.class);
  private volatile boolean stopping;
  private volatile boolean hurried;

  public CaptureSession(
      Tracing tracing,
      ServerCallStreamObserver<CaptureResponse> client,
      CaptureSpec wish,
      List<Tap> taps,
      Subscription<TraceItem> subscription,
      PcapngSection section) {
    this.tracing = tracing;
    this.client = client;
    this.wish = wish;
    this.taps = taps;
    this.section = section;
    queue = new FrameQueue(wish.maxFrames());
    lostEventsBefore = tracing.lostEvents();
    this.subscription = subscription;
    beganUnixNs = WallClock.nowUnixNs();
    complete = new FeedWatermark(tracing, wish.namespaces());
    comments = new FrameComments(tracing.messages().names());
    joiner = new FrameJoiner(comments, wish, taps, this::noEvent);
  }

  private String noEvent(long frameUnixNs) {
    return "vethtrace: no event: " + why(frameUnixNs);
  }

  private String why(long frameUnixNs) {
    if (frameUnixNs < beganUnixNs) {
      return "it passed before the capture began";
    }
    if (lostEvents > 0) {
      return "it may be among the %d that were lost".formatted(lostEvents);
    }
    return tracing.selection().isAll()
        ? "it passed no probe point"
        : "the daemon's filter may have left it out";
  }

  /** Asks the kernel. */
  private void countLost() {
    lostEvents = tracing.lostEvents() - lostEventsBefore + subscription.lost();
  }

  /** No more frames; a second time: no more waiting either. On any thread. */
  public void stop() {
    hurried = stopping;
    stopping = true;
  }

  /** Sends until there is an end. */
  public void run() throws InterruptedException {
    taps.forEach(tap -> section.add(tap.described()));
    client.onNext(
        CaptureResponse.newBuilder()
            .setPreamble(section.preamble())
            .setBlocks(section.preamble())
            .build());
    taps.forEach(tap -> tap.start(frame -> queue.offer(tap.point(), frame)));
    while (!isOver()) {
      step();
    }
    long endUnixNs = WallClock.nowUnixNs();
    queue.end(endUnixNs);
    joiner.end(endUnixNs);
    stopTaps();
    finish();
  }

  private boolean isOver() {
    boolean nothingLeft = taps.stream().allMatch(tap -> tap.ended() != null);
    return stopping || queue.hasEnough() || nothingLeft || client.isCancelled();
  }

  private void stopTaps() throws InterruptedException {
    for (Tap tap : taps) {
      tap.stop();
    }
  }

  /** What the last packets met is told some time after them. */
  private void finish() throws InterruptedException {
    long stoppedNs = System.nanoTime();
    stepUntil(stoppedNs, completeBy(WallClock.nowUnixNs()));
    long inFeedNs = System.nanoTime();
    stepUntil(stoppedNs, () -> tracing.judgedUntilNs() - inFeedNs >= 0);
    countLost();
    absorb();
    judge(Long.MAX_VALUE);
    while (!judged.isEmpty() && !client.isCancelled()) {
      send(Long.MAX_VALUE);
      if (!client.isReady()) {
        Thread.sleep(PATIENCE);
      }
    }
    if (!client.isCancelled()) {
      CaptureResponse.Builder last = CaptureResponse.newBuilder().setBlocks(statistics());
      addNotes(last);
      client.onNext(counted(last).build());
    }
  }

  private BooleanSupplier completeBy(long unixNs) {
    return () -> complete.untilUnixNs() >= unixNs;
  }

  private void stepUntil(long stoppedNs, BooleanSupplier isDone) throws InterruptedException {
    while (!hurried
        && !client.isCancelled()
        && System.nanoTime() - stoppedNs < PATIENT_NS
        && !isDone.getAsBoolean()) {
      step();
    }
  }

  private void step() throws InterruptedException {
    // First: what they promise is in the feed then.
    complete.look();
    long judgedNs = tracing.judgedUntilNs();
    countLost();
    absorb();
    long known = complete.untilUnixNs();
    judge(known - BESIDE_NS);
    joiner.forget(known - 2 * BESIDE_NS);
    send(queue.isFull() ? Long.MAX_VALUE : WallClock.nowUnixNs() - heldNs(judgedNs));
  }

  /** Who can wait for verdicts waits for those of a daemon that is slow, too. */
  private long heldNs(long judgedNs) {
    if (!wish.waitsForVerdicts()) {
      return wish.holdNs();
    }
    long unjudgedNs = System.nanoTime() - judgedNs + JOURNEYS_NS;
    return Math.max(wish.holdNs(), Math.min(unjudgedNs, PATIENT_NS));
  }

  private void absorb() throws InterruptedException {
    int open = Math.max(1, subscription.queued()); // what comes meanwhile is the next turn's
    Duration patience = PATIENCE;
    while (open > 0) {
      List<TraceItem> items = subscription.take(Math.min(open, BATCH), patience);
      items.forEach(this::absorb);
      open -= items.isEmpty() ? open : items.size();
      patience = Duration.ZERO;
    }
    queue.drain().forEach(joiner::add);
  }

  private void absorb(TraceItem item) {
    switch (item) {
      case TraceItem.JourneyEnded ended -> take(ended.journey());
      case TraceItem.FaultFound found -> remember(found.finding());
    }
  }

  private void take(Journey journey) {
    joiner.add(journey);
    if (!findings.isEmpty() && !journey.isDropped()) {
      ConversationKey.Keyed keyed = journey.keyed();
      if (keyed.role() == ConversationKey.Role.REPLY) {
        findings.answered(keyed.key(), joiner.unixNs(journey.first()));
      }
    }
  }

  private void remember(Finding finding) {
    Journey proof = finding.proof();
    findings.add(
        proof.keyed().key(),
        comments.of(finding),
        joiner.unixNs(proof.first()),
        WallClock.nowUnixNs());
  }

  private void judge(long beforeUnixNs) {
    for (JoinedFrame frame : joiner.take(beforeUnixNs)) {
      if (frame.kind() == JoinedFrame.Kind.DROP) { // the others were held as they came
        queue.hold(frame.frame());
      }
      judged.add(frame);
    }
  }

  /** Sends what is old enough, as long as the client can take it. */
  private void send(long beforeUnixNs) {
    boolean more = true;
    while (more && client.isReady()) {
      more = sendOne(beforeUnixNs);
    }
  }

  /** One message; whether it was full. */
  private boolean sendOne(long beforeUnixNs) {
    CaptureResponse.Builder response = CaptureResponse.newBuilder();
    while (!judged.isEmpty()
        && judged.element().frame().unixNs() < beforeUnixNs
        && blocks.size() < MESSAGE_BYTES) {
      JoinedFrame frame = judged.remove();
      if (!section.has(frame.frame().from())) {
        section.add(frame.frame().from(), blocks);
        response.setPreamble(section.preamble());
      }
      addBlock(frame);
    }
    addNotes(response);
    boolean isFull = blocks.size() >= MESSAGE_BYTES;
    if (blocks.size() > 0 || response.getNotesCount() > 0) {
      client.onNext(counted(response.setBlocks(taken())).build());
    }
    return isFull;
  }

  private ByteString taken() {
    return UnsafeByteOperations.unsafeWrap(blocks.take()); // nobody else has the array
  }

  private void addBlock(JoinedFrame joined) {
    sent.merge(joined.kind(), 1L, Long::sum);
    queue.release(joined.frame());
    blocks.frame(
        section.id(joined.frame().from()), joined.frame(), joined.packetId(), said(joined));
  }

  private List<String> said(JoinedFrame joined) {
    if (findings.isEmpty()) { // as in nearly all of a flood
      return joined.comments();
    }
    return Stream.concat(
            joined.comments().stream(),
            findings.of(joined.conversations(), joined.frame().unixNs()))
        .toList();
  }

  private void addNotes(CaptureResponse.Builder response) {
    for (Tap tap : taps) {
      String ended = tap.ended();
      if (ended != null && told.add(ended)) {
        response.addNotes(ended);
      }
    }
  }

  private ByteString statistics() {
    long now = WallClock.nowUnixNs();
    for (Tap tap : taps) {
      blocks.statistics(
          section.id(tap.described()), now, tap.received() + tap.dropped(), tap.dropped());
    }
    return taken();
  }

  private long sent(JoinedFrame.Kind kind) {
    return sent.getOrDefault(kind, 0L);
  }

  private CaptureResponse.Builder counted(CaptureResponse.Builder response) {
    return response.setCounts(
        CaptureCounts.newBuilder()
            .setFrames(
                sent(JoinedFrame.Kind.MATCHED)
                    + sent(JoinedFrame.Kind.AMBIGUOUS)
                    + sent(JoinedFrame.Kind.UNMATCHED))
            .setMatched(sent(JoinedFrame.Kind.MATCHED))
            .setAmbiguous(sent(JoinedFrame.Kind.AMBIGUOUS))
            .setUnmatched(sent(JoinedFrame.Kind.UNMATCHED))
            .setDrops(sent(JoinedFrame.Kind.DROP))
            .setLostByTaps(taps.stream().mapToLong(Tap::dropped).sum())
            .setLostByClient(queue.lost())
            .setLostEvents(lostEvents)
            .setWaiting(joiner.waiting() + judged.size()));
  }

  @Override
  public void close() {
    subscription.close();
    taps.forEach(Tap::close);
  }
}
