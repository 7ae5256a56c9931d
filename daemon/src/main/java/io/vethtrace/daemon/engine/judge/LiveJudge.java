package io.vethtrace.daemon.engine.judge;

import static io.vethtrace.daemon.engine.EngineTimings.JUDGE_POLL;
import static io.vethtrace.daemon.engine.EngineTimings.OVERDUE_NS;
import static io.vethtrace.daemon.engine.EngineTimings.QUIET_NS;
import static io.vethtrace.daemon.engine.EngineTimings.REPEAT_FINDING_NS;

import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Conversations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Judges the live traffic and publishes findings. A conversation is judged once it has been quiet
 * for a while, or has been in doubt for longer although it goes on, as a ping a second does. A
 * fault that was published a short time ago is not repeated. Runs on a thread of its own, as one
 * more reader of the feed.
 */
public final class LiveJudge implements AutoCloseable {
  private static final int QUEUE = 1 << 16;
  private static final int BATCH = 1024;
  private static final int CONVERSATIONS = 8192;
  private static final int RECENT = 1024;

  private final TraceStream stream;
  private final SnapshotSource snapshots;
  private final boolean seesAll;
  private final Subscription<TraceItem> subscription;

  /** Conversations that were judged, as long as anything else refers to them. */
  private final Set<Conversation> judged = Collections.newSetFromMap(new WeakHashMap<>());

  private final Conversations conversations = new Conversations(CONVERSATIONS, judged::contains);
  private final Map<Conversation, Opened> open = new LinkedHashMap<>();
  private final Deque<Conversation> recent = new ArrayDeque<>();
  private final Deque<Published> published = new ArrayDeque<>();

  /** The time up to which all items of the feed have been taken. */
  private long takenUntilNs = System.nanoTime();

  private volatile long judgedUntilNs = takenUntilNs;
  private final Thread thread = Thread.ofPlatform().name("findings").unstarted(this::run);

  private record Published(Finding finding, long atNs) {}

  /**
   * The state of a conversation when it began to wait for its verdict.
   *
   * @param atNs the time, or a little earlier: no later than its journey came to the feed
   * @param drops the number of its drops that have been judged before
   */
  private record Opened(long atNs, int drops) {
    boolean isInDoubt(Conversation conversation) {
      return conversation.replyCount() == 0 || conversation.dropCount() > drops;
    }
  }

  LiveJudge(TraceStream stream, SnapshotSource snapshots) {
    this(stream, snapshots, true);
  }

  /**
   * Subscribes to the feed of {@code stream}, to which findings are published.
   *
   * @param seesAll false if a filter hides packets: a hidden packet looks like silence, from which
   *     nothing may then be concluded
   */
  public LiveJudge(TraceStream stream, SnapshotSource snapshots, boolean seesAll) {
    this.seesAll = seesAll;
    this.stream = stream;
    this.snapshots = snapshots;
    subscription = stream.feed().subscribeDaemon(QUEUE, TraceItem.JourneyEnded.class);
  }

  public void start() {
    thread.start();
  }

  /** Returns how many journeys came to be judged, and how many came too fast for that. */
  public PipelineStageCounts counts() {
    return subscription.counts("findings");
  }

  /**
   * Returns a time of System.nanoTime: items that were in the feed by then are judged. Where
   * packets go unanswered it is a few seconds ago, as it takes that long to find out.
   */
  public long judgedUntilNs() {
    return judgedUntilNs;
  }

  private void run() {
    try {
      while (!subscription.isClosed()) {
        long beganNs = System.nanoTime();
        List<TraceItem> items = subscription.take(BATCH, JUDGE_POLL);
        items.forEach(this::absorb);
        judgeDue();
        if (items.size() < BATCH) { // the queue was empty
          takenUntilNs = beganNs;
        }
        judgedUntilNs = firstInDoubtNs();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long firstInDoubtNs() {
    long firstNs = takenUntilNs;
    for (Map.Entry<Conversation, Opened> entry : open.entrySet()) {
      Opened opened = entry.getValue();
      if (opened.atNs() - firstNs < 0 && opened.isInDoubt(entry.getKey())) {
        firstNs = opened.atNs();
      }
    }
    return firstNs;
  }

  /** Judges the conversations that are due. A rule that fails must not end the thread. */
  private void judgeDue() {
    try {
      judge(due(System.nanoTime()));
    } catch (RuntimeException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.ERROR, "a diagnosis failed", e);
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

  /** Removes the conversations that are due, and returns those of them that are in doubt. */
  private List<Conversation> due(long nowNs) {
    List<Conversation> inDoubt = new ArrayList<>();
    open.entrySet()
        .removeIf(entry -> {
          Conversation conversation = entry.getKey();
          boolean isInDoubt = entry.getValue().isInDoubt(conversation);
          boolean isDue =
              nowNs - conversation.lastNs() > QUIET_NS
                  || (isInDoubt && nowNs - entry.getValue().atNs() > OVERDUE_NS);
          if (isDue && isInDoubt) {
            inDoubt.add(conversation);
          }
          return isDue;
        });
    return inDoubt;
  }

  /**
   * Judges conversations together with those of a moment ago, whose consequences they may be. No
   * namespace is read if nobody would see a finding.
   */
  private void judge(List<Conversation> inDoubt) {
    if (!inDoubt.isEmpty()) {
      forgetOld();
      if (stream.wantsFindings()) {
        publishFaults(inDoubt);
        remember(inDoubt);
      }
      judged.addAll(inDoubt);
    }
  }

  private void publishFaults(List<Conversation> inDoubt) {
    List<Conversation> before = List.copyOf(recent);
    List<Conversation> together = new ArrayList<>(inDoubt);
    together.addAll(before);
    Diagnosis.of(inDoubt, before, snapshots.take(together)).stream()
        .filter(finding -> seesAll || finding.confidence() == Confidence.OBSERVED)
        .forEach(this::publish);
  }

  private void forgetOld() {
    long nowNs = System.nanoTime();
    recent.removeIf(conversation -> nowNs - conversation.lastNs() > REPEAT_FINDING_NS);
  }

  private void remember(List<Conversation> inDoubt) {
    recent.addAll(inDoubt);
    while (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  private void publish(Finding finding) {
    long nowNs = System.nanoTime();
    published.removeIf(old -> nowNs - old.atNs() > REPEAT_FINDING_NS);
    if (published.stream().noneMatch(old -> old.finding().sameFault(finding))) {
      published.add(new Published(finding, nowNs));
      stream.publish(finding);
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
