package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.StageCounts;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Conversations;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges the live traffic: a conversation is diagnosed once it has been quiet for a while, or has
 * been in doubt for longer although it goes on, as a ping a second does. A fault that was told a
 * short time ago is not told again. Runs on a thread of its own, as one more reader of the feed.
 */
public final class LiveJudge implements AutoCloseable {
  private static final int QUEUE = 1 << 16;
  private static final int BATCH = 1024;
  private static final int CONVERSATIONS = 8192;
  private static final int RECENT = 1024;
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /**
   * So long a conversation that goes on has to be answered: two requests a second apart and more.
   */
  private static final long DOUBT_NS = 2 * Tracing.QUIET_NS;

  private final TraceStream stream;
  private final SnapshotSource snapshots;
  private final boolean seesAll;
  private final Subscription<TraceItem> subscription;
  private final Conversations conversations = new Conversations(CONVERSATIONS);
  private final Map<Conversation, Opened> open = new LinkedHashMap<>();
  private final Deque<Conversation> recent = new ArrayDeque<>();
  private final Deque<Told> told = new ArrayDeque<>();

  /** What was in the feed by then has been taken from it. */
  private long takenUntilNs = System.nanoTime();

  private volatile long judgedUntilNs = takenUntilNs;
  private final Thread thread = Thread.ofPlatform().name("findings").unstarted(this::run);

  private record Told(Finding finding, long atNs) {}

  /**
   * A conversation that waits to be judged.
   *
   * @param atNs since when, or a little earlier: no later than its journey came to the feed
   * @param drops how many of its packets were dropped by then, which has been judged
   */
  private record Opened(long atNs, int drops) {
    boolean isDoubtful(Conversation conversation) {
      return conversation.replyCount() == 0 || conversation.dropCount() > drops;
    }
  }

  LiveJudge(TraceStream stream, SnapshotSource snapshots) {
    this(stream, snapshots, true);
  }

  /**
   * Tells what was found.
   *
   * @param seesAll whether no filter hides packets: what is hidden looks like silence, from which
   *     nothing may then be concluded
   */
  public LiveJudge(TraceStream stream, SnapshotSource snapshots, boolean seesAll) {
    this.seesAll = seesAll;
    this.stream = stream;
    this.snapshots = snapshots;
    subscription = stream.feed().subscribe(QUEUE, TraceItem.JourneyEnded.class);
  }

  public void start() {
    thread.start();
  }

  /** The journeys that came to be judged, and those that did not as they came too fast. */
  public StageCounts counts() {
    return StageCounts.of("findings", subscription);
  }

  /** {@link Tracing#judgedUntilNs}. */
  public long judgedUntilNs() {
    return judgedUntilNs;
  }

  private void run() {
    try {
      while (!subscription.isClosed()) {
        long beganNs = System.nanoTime();
        List<TraceItem> items = subscription.take(BATCH, PATIENCE);
        items.forEach(this::absorb);
        judgeDue();
        if (items.size() < BATCH) { // it took all that there was
          takenUntilNs = beganNs;
        }
        judgedUntilNs = firstDoubtNs();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long firstDoubtNs() {
    long firstNs = takenUntilNs;
    for (Map.Entry<Conversation, Opened> entry : open.entrySet()) {
      Opened opened = entry.getValue();
      if (opened.atNs() - firstNs < 0 && opened.isDoubtful(entry.getKey())) {
        firstNs = opened.atNs();
      }
    }
    return firstNs;
  }

  /** A rule that fails must not silence all others for good. */
  private void judgeDue() {
    try {
      judge(due(System.nanoTime()));
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a diagnosis died", e);
    }
  }

  private void absorb(TraceItem item) {
    if (item instanceof TraceItem.JourneyEnded ended) {
      Conversation conversation = conversations.add(ended.journey());
      boolean dropped = ended.journey().isDropped();
      int before = conversation.dropCount() - (dropped ? 1 : 0);
      Opened opened = open.get(conversation);
      if (opened == null || (dropped && before == opened.drops())) { // what follows may explain it
        open.put(conversation, new Opened(takenUntilNs, before));
      }
      if (open.size() > CONVERSATIONS) {
        open.remove(open.keySet().iterator().next());
      }
    }
  }

  /** Takes those whose time has come, and of them gives those that may have met a fault. */
  private List<Conversation> due(long nowNs) {
    List<Conversation> doubtful = new ArrayList<>();
    open.entrySet()
        .removeIf(entry -> {
          Conversation conversation = entry.getKey();
          boolean inDoubt = entry.getValue().isDoubtful(conversation);
          boolean isDue =
              nowNs - conversation.lastNs() > Tracing.QUIET_NS
                  || (inDoubt && nowNs - entry.getValue().atNs() > DOUBT_NS);
          if (isDue && inDoubt) {
            doubtful.add(conversation);
          }
          return isDue;
        });
    return doubtful;
  }

  /**
   * Judges them together with those of a moment ago, whose consequences they may be; not where
   * nobody would be told.
   */
  private void judge(List<Conversation> doubtful) {
    if (!doubtful.isEmpty()) {
      forgetOldOnes();
      if (stream.wantsFindings()) {
        tellFaults(doubtful);
        remember(doubtful);
      }
      doubtful.forEach(Conversation::setJudged);
    }
  }

  private void tellFaults(List<Conversation> doubtful) {
    List<Conversation> before = List.copyOf(recent);
    List<Conversation> together = new ArrayList<>(doubtful);
    together.addAll(before);
    Diagnosis.of(doubtful, before, snapshots.take(together)).stream()
        .filter(finding -> seesAll || finding.confidence() == Confidence.OBSERVED)
        .forEach(this::tell);
  }

  private void forgetOldOnes() {
    long nowNs = System.nanoTime();
    recent.removeIf(conversation -> nowNs - conversation.lastNs() > Tracing.TELL_AGAIN_NS);
  }

  private void remember(List<Conversation> judged) {
    recent.addAll(judged);
    while (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  private void tell(Finding finding) {
    long nowNs = System.nanoTime();
    told.removeIf(old -> nowNs - old.atNs() > Tracing.TELL_AGAIN_NS);
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
