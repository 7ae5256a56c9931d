package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.Confidence;
import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.diagnose.Finding;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.serve.StageCounts;
import io.vethtrace.daemon.serve.TraceItem;
import io.vethtrace.daemon.serve.TraceStream;
import io.vethtrace.daemon.serve.Tracing;
import io.vethtrace.daemon.stream.Subscription;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Journey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Judges the live traffic: a conversation that has been quiet for a while is diagnosed, and a fault
 * that was told a short time ago is not told again. Runs on a thread of its own, as one more reader
 * of the feed.
 */
final class LiveFindings implements AutoCloseable {
  private static final int QUEUE = 1 << 16;
  private static final int BATCH = 1024;
  private static final int CONVERSATIONS = 8192;
  private static final int RECENT = 1024;
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static final long TELL_AGAIN_NS = Duration.ofSeconds(10).toNanos();

  private final TraceStream stream;
  private final SnapshotSource snapshots;
  private final boolean seesAll;
  private final Subscription<TraceItem> subscription;
  private final Conversations conversations = new Conversations(CONVERSATIONS);
  private final Set<Conversation> open = new LinkedHashSet<>();
  private final Deque<Conversation> recent = new ArrayDeque<>();
  private final Deque<Told> told = new ArrayDeque<>();
  private volatile long judgedAtNs = System.nanoTime();
  private final Thread thread = Thread.ofPlatform().name("findings").unstarted(this::run);

  private record Told(Finding finding, long atNs) {}

  LiveFindings(TraceStream stream, SnapshotSource snapshots) {
    this(stream, snapshots, true);
  }

  /**
   * Tells what was found.
   *
   * @param seesAll whether no filter hides packets: what is hidden looks like silence, from which
   *     nothing may then be concluded
   */
  LiveFindings(TraceStream stream, SnapshotSource snapshots, boolean seesAll) {
    this.seesAll = seesAll;
    this.stream = stream;
    this.snapshots = snapshots;
    subscription = stream.feed().subscribe(QUEUE, TraceItem.JourneyEnded.class);
  }

  void start() {
    thread.start();
  }

  /** The journeys that came to be judged, and those that did not as they came too fast. */
  StageCounts counts() {
    return StageCounts.of("findings", subscription);
  }

  /** {@link Tracing#judgedAtNs}. */
  long judgedAtNs() {
    return judgedAtNs;
  }

  private void run() {
    try {
      while (!subscription.isClosed()) {
        long beganNs = System.nanoTime();
        List<TraceItem> items = subscription.take(BATCH, PATIENCE);
        items.forEach(this::absorb);
        judgeQuiet();
        if (items.size() < BATCH) { // it took all that there was
          judgedAtNs = beganNs;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A rule that fails must not silence all others for good. */
  private void judgeQuiet() {
    try {
      judge(quiet(System.nanoTime()));
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a diagnosis died", e);
    }
  }

  private void absorb(TraceItem item) {
    if (item instanceof TraceItem.JourneyEnded ended) {
      open.add(conversations.add(ended.journey()));
      if (open.size() > CONVERSATIONS) {
        open.remove(open.iterator().next());
      }
    }
  }

  private List<Conversation> quiet(long nowNs) {
    List<Conversation> quiet =
        open.stream().filter(c -> nowNs - c.lastNs() > Tracing.QUIET_NS).toList();
    quiet.forEach(open::remove);
    return quiet;
  }

  /**
   * Judges them together with those of a moment ago, whose consequences they may be; not where
   * nobody would be told.
   */
  private void judge(List<Conversation> quiet) {
    List<Conversation> doubtful =
        quiet.stream().filter(c -> c.replyCount() == 0 || hasDrop(c)).toList();
    if (!doubtful.isEmpty()) {
      List<Conversation> together = withRecent(doubtful);
      if (stream.wantsFindings()) {
        tellFaults(together);
      }
    }
  }

  private void tellFaults(List<Conversation> together) {
    Diagnosis.of(together, snapshots.take(together)).stream()
        .filter(finding -> seesAll || finding.confidence() == Confidence.OBSERVED)
        .forEach(this::tell);
  }

  private List<Conversation> withRecent(List<Conversation> doubtful) {
    long nowNs = System.nanoTime();
    recent.removeIf(c -> nowNs - c.lastNs() > TELL_AGAIN_NS || doubtful.contains(c));
    recent.addAll(doubtful);
    while (recent.size() > RECENT) {
      recent.removeFirst();
    }
    return List.copyOf(recent);
  }

  private static boolean hasDrop(Conversation conversation) {
    return conversation.journeys().anyMatch(j -> j.end() == Journey.End.DROPPED);
  }

  private void tell(Finding finding) {
    long nowNs = System.nanoTime();
    told.removeIf(old -> nowNs - old.atNs() > TELL_AGAIN_NS);
    if (told.stream().noneMatch(old -> old.finding().sameFault(finding))) {
      told.add(new Told(finding, nowNs));
      stream.found(finding);
    }
  }

  @Override
  public void close() {
    subscription.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
