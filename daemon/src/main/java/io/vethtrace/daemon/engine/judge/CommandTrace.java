package io.vethtrace.daemon.engine.judge;

import static io.vethtrace.daemon.engine.EngineTimings.COMMAND_POLL;
import static io.vethtrace.daemon.engine.EngineTimings.DRAIN_LIMIT;

import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.diagnose.neighbour.PendingOnNeighbour;
import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.feed.FeedProgress;
import io.vethtrace.daemon.engine.feed.FeedPublisher;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Follows the packets of one command and finds what they met. It collects from its construction on.
 * {@link #report} is called once, on the thread that called {@link #collectUntilEnded}.
 */
public final class CommandTrace implements AutoCloseable {
  private static final int QUEUE = 1 << 16;
  private static final int BATCH = 1024;
  private static final int CONVERSATIONS = 4096;

  private final FeedProgress progress;
  private final LossCounters losses;
  private final SnapshotSource snapshots;
  private final Subscription<TraceItem> subscription;
  private final Conversations conversations = new Conversations(CONVERSATIONS);
  private final Set<Integer> netns = ConcurrentHashMap.newKeySet();
  private final long beganNs = System.nanoTime(); // CLOCK_MONOTONIC, as the events' times are
  private final long lostBefore;
  private int undrained;
  private volatile boolean ended;
  private volatile long endedNs = Long.MAX_VALUE;
  private volatile Duration settle = Duration.ZERO;

  CommandTrace(
      FeedPublisher<TraceItem> feed,
      FeedProgress progress,
      LossCounters losses,
      SnapshotSource snapshots) {
    this.progress = progress;
    this.losses = losses;
    this.snapshots = snapshots;
    lostBefore = losses.lostEvents();
    subscription = feed.subscribe(QUEUE, TraceItem.JourneyEnded.class);
  }

  /** Adds a namespace in which a process of the command runs. */
  public void addNetns(int inode) {
    this.netns.add(inode);
  }

  /**
   * Notes that the command has ended: its conversations get at most {@code limit} to settle. A
   * second call with a shorter limit ends the wait.
   */
  public void end(Duration limit) {
    if (!ended) {
      endedNs = System.nanoTime();
    }
    settle = limit;
    ended = true;
  }

  /** Returns true if {@link #end} was called. */
  public boolean isEnded() {
    return ended;
  }

  /** Collects journeys until {@link #end} was called. */
  public void collectUntilEnded() throws InterruptedException {
    while (!ended && !subscription.isClosed()) {
      absorb();
    }
  }

  /** Waits until all conversations have settled, at most for the limit, and reports. */
  public CommandReport report() throws InterruptedException {
    awaitDrained();
    absorbAll();
    Snapshot snapshot = snapshot();
    // What is still on its way, or in a queue, belongs to no conversation yet.
    CompletableFuture<Void> journeysEnded = progress.journeysEnded(netns);
    long waitedFromNs = System.nanoTime();
    long judgedNs = waitedFromNs;
    long costNs = 0;
    boolean settled = isSettled(snapshot);
    boolean allCame = false;
    // Only a further journey changes the verdict: without one nothing is read or judged again.
    boolean hasNews = false;
    while (!(settled && allCame) && System.nanoTime() - waitedFromNs < settle.toNanos()) {
      boolean allEnded = journeysEnded.isDone();
      hasNews |= absorb();
      // Other traffic always brings news: reading and judging gets half of the time.
      if (hasNews && System.nanoTime() - judgedNs >= costNs) {
        long startNs = System.nanoTime();
        snapshot = snapshot();
        settled = isSettled(snapshot);
        hasNews = false;
        judgedNs = System.nanoTime();
        costNs = judgedNs - startNs;
      }
      allCame = allEnded && !hasNews && subscription.queued() == 0;
    }
    return report(hasNews ? snapshot() : snapshot);
  }

  private void awaitDrained() throws InterruptedException {
    try {
      progress.drained().get(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The report lacks what is still in the ring, and has to say so.
      undrained = 1;
    } catch (ExecutionException e) {
      throw new IllegalStateException("tracing has ended", e);
    }
  }

  private void absorbAll() throws InterruptedException {
    for (int left = subscription.queued(); left > 0; left -= BATCH) {
      absorb();
    }
  }

  /** Takes journeys from the feed; returns true if one of them is of the command. */
  private boolean absorb() throws InterruptedException {
    boolean came = false;
    for (TraceItem item : subscription.take(BATCH, COMMAND_POLL)) {
      if (item instanceof TraceItem.JourneyEnded journeyEnded && isLater(journeyEnded.journey())) {
        Conversation conversation = conversations.add(journeyEnded.journey());
        came |= isInScope(conversation) || isNeighbour(conversation);
      }
    }
    return came;
  }

  /** Returns false for a packet that was on its way before the command began. */
  private boolean isLater(Journey journey) {
    return journey.first().ktimeNs() >= beganNs;
  }

  private boolean isSettled(Snapshot snapshot) {
    return inScope().stream().allMatch(c -> Diagnosis.isSettled(c, snapshot));
  }

  private Snapshot snapshot() {
    return snapshots.take(inScope());
  }

  /** Returns the conversations of the command, and the neighbour look-ups that they wait for. */
  private List<Conversation> inScope() {
    List<Conversation> all = conversations.all();
    Set<Conversation> own = all.stream().filter(this::isInScope).collect(Collectors.toSet());
    return all.stream()
        .filter(conversation ->
            own.contains(conversation)
                || (isNeighbour(conversation)
                    && own.stream()
                        .anyMatch(waiting -> PendingOnNeighbour.mayWaitFor(conversation, waiting))))
        .toList();
  }

  private static boolean isNeighbour(Conversation conversation) {
    return conversation.key() instanceof ConversationKey.Neighbour;
  }

  /**
   * Returns true if a packet in the namespaces of the command began before it ended. A check of a
   * neighbour may begin later.
   */
  private boolean isInScope(Conversation conversation) {
    return (netns.isEmpty() || !Collections.disjoint(conversation.namespaces(), netns))
        && conversation.journeys().anyMatch(journey -> journey.first().ktimeNs() <= endedNs);
  }

  private CommandReport report(Snapshot snapshot) {
    List<Conversation> own = inScope();
    List<Finding> findings = Diagnosis.of(own, snapshot);
    return new CommandReport(findings, journeys(own, findings), lostEvents());
  }

  private static List<Journey> journeys(List<Conversation> own, List<Finding> findings) {
    return own.stream()
        .filter(conversation -> !isHousekeeping(conversation))
        .filter(conversation -> !isLookup(conversation) || isProof(conversation, findings))
        .flatMap(Conversation::journeys)
        .sorted(Comparator.comparingLong((Journey j) -> j.first().ktimeNs()))
        .toList();
  }

  /** Returns true for IPv6's own traffic on a link: solicitations, multicast reports (RFC 4861). */
  private static boolean isHousekeeping(Conversation conversation) {
    return conversation.key() instanceof ConversationKey.Alone alone
        && alone.target().isMCLinkLocal();
  }

  /** Returns true for look-ups alone: a table may lack a destination that the next one has. */
  private static boolean isLookup(Conversation conversation) {
    return conversation
        .journeys()
        .allMatch(journey -> journey.first() instanceof Event.RouteLookup);
  }

  private static boolean isProof(Conversation conversation, List<Finding> findings) {
    return findings.stream()
        .anyMatch(finding -> conversation.journeys().anyMatch(finding.proof()::equals));
  }

  private long lostEvents() {
    return losses.lostEvents()
        - lostBefore
        + subscription.lost()
        + conversations.forgotten()
        + undrained;
  }

  @Override
  public void close() {
    subscription.close();
  }
}
