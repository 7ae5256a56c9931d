package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.diagnose.neighbour.PendingOnNeighbour;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.WhyReport;
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
 * Follows the packets of one command and says what went wrong. It collects from its construction
 * on; {@link #report} is called once, on the thread that called {@link #collectUntilEnded}.
 */
public final class CommandTrace implements AutoCloseable {
  private static final int QUEUE = 1 << 16;
  private static final int BATCH = 1024;
  private static final int CONVERSATIONS = 4096;
  private static final Duration PATIENCE = Duration.ofMillis(20);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

  private final Tracing tracing;
  private final Subscription<TraceItem> subscription;
  private final Conversations conversations = new Conversations(CONVERSATIONS);
  private final Set<Integer> scope = ConcurrentHashMap.newKeySet();
  private final long beganNs = System.nanoTime(); // CLOCK_MONOTONIC, as the events' times are
  private final long lostBefore;
  private int undrained;
  private volatile boolean ended;
  private volatile long endedNs = Long.MAX_VALUE;
  private volatile Duration settle = Duration.ZERO;

  public CommandTrace(Tracing tracing) {
    this.tracing = tracing;
    lostBefore = tracing.lostEvents();
    subscription = tracing.feed().subscribe(QUEUE, TraceItem.JourneyEnded.class);
  }

  /** A process of the command runs in this namespace. */
  public void scope(int netns) {
    scope.add(netns);
  }

  /**
   * The command has ended; its conversations get at most {@code limit} to settle. Said again with a
   * shorter limit, it ends the wait.
   */
  public void end(Duration limit) {
    if (!ended) {
      endedNs = System.nanoTime();
    }
    settle = limit;
    ended = true;
  }

  /** Whether {@link #end} was called. */
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
  public WhyReport report() throws InterruptedException {
    awaitDrained();
    absorbAll();
    Snapshot snapshot = snapshot();
    // What is still on its way, or in a queue, belongs to no conversation yet.
    CompletableFuture<Void> quiet = tracing.quiet(scope);
    long waitedFromNs = System.nanoTime();
    long judgedNs = waitedFromNs;
    long costNs = 0;
    boolean settled = isSettled(snapshot);
    boolean allCame = false;
    // The verdict changes with further sights alone: without one nothing is read or judged again.
    boolean news = false;
    while (!(settled && allCame) && System.nanoTime() - waitedFromNs < settle.toNanos()) {
      boolean isQuiet = quiet.isDone();
      news |= absorb();
      // Beside other traffic there is always news: reading and judging gets half of the time.
      if (news && System.nanoTime() - judgedNs >= costNs) {
        long startNs = System.nanoTime();
        snapshot = snapshot();
        settled = isSettled(snapshot);
        news = false;
        judgedNs = System.nanoTime();
        costNs = judgedNs - startNs;
      }
      allCame = isQuiet && !news && subscription.queued() == 0;
    }
    return report(news ? snapshot() : snapshot);
  }

  private void awaitDrained() throws InterruptedException {
    try {
      tracing.drained().get(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // What is still in the ring is not in the report: the report has to say that it lacks
      // something.
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

  /** Whether a journey of the command came. */
  private boolean absorb() throws InterruptedException {
    boolean came = false;
    for (TraceItem item : subscription.take(BATCH, PATIENCE)) {
      if (item instanceof TraceItem.JourneyEnded journeyEnded && isLater(journeyEnded.journey())) {
        Conversation conversation = conversations.add(journeyEnded.journey());
        came |= isInScope(conversation) || isNeighbour(conversation);
      }
    }
    return came;
  }

  /** What was still in the ring, or in a queue, as the command began is not its. */
  private boolean isLater(Journey journey) {
    return journey.first().ktimeNs() >= beganNs;
  }

  private boolean isSettled(Snapshot snapshot) {
    return inScope().stream().allMatch(c -> Diagnosis.isSettled(c, snapshot));
  }

  private Snapshot snapshot() {
    return tracing.snapshots().take(inScope());
  }

  /** Those of the command's namespaces, and, where they wait for one, what was asked for them. */
  private List<Conversation> inScope() {
    List<Conversation> all = conversations.all();
    Set<Conversation> own = all.stream().filter(this::isInScope).collect(Collectors.toSet());
    return all.stream()
        .filter(conversation ->
            own.contains(conversation)
                || (isNeighbour(conversation)
                    && own.stream()
                        .anyMatch(stuck -> PendingOnNeighbour.mayWaitFor(conversation, stuck))))
        .toList();
  }

  private static boolean isNeighbour(Conversation conversation) {
    return conversation.key() instanceof ConversationKey.Neighbour;
  }

  /** What began after the command had ended, a neighbour's check for example, is not its. */
  private boolean isInScope(Conversation conversation) {
    return (scope.isEmpty() || !Collections.disjoint(conversation.namespaces(), scope))
        && conversation.journeys().anyMatch(journey -> journey.first().ktimeNs() <= endedNs);
  }

  private WhyReport report(Snapshot snapshot) {
    List<Conversation> mine = inScope();
    List<Finding> findings = Diagnosis.of(mine, snapshot);
    WhyReport.Builder report = WhyReport.newBuilder().setLostEvents(lostEvents());
    findings.forEach(finding -> report.addFindings(tracing.messages().finding(finding)));
    mine.stream()
        .filter(conversation -> !isHousekeeping(conversation))
        .filter(conversation -> !isLookup(conversation) || isProof(conversation, findings))
        .flatMap(Conversation::journeys)
        .sorted(Comparator.comparingLong((Journey j) -> j.first().ktimeNs()))
        .forEach(journey -> report.addJourneys(tracing.messages().journey(journey)));
    return report.build();
  }

  /** What IPv6 says on every link by itself: router solicitations, multicast reports (RFC 4861). */
  private static boolean isHousekeeping(Conversation conversation) {
    return conversation.key() instanceof ConversationKey.Alone alone
        && alone.target().isMCLinkLocal();
  }

  /** A table that did not know a destination, while the next one may have. */
  private static boolean isLookup(Conversation conversation) {
    return conversation
        .journeys()
        .allMatch(journey -> journey.first() instanceof Event.RouteLookup);
  }

  private static boolean isProof(Conversation conversation, List<Finding> findings) {
    return findings.stream()
        .anyMatch(finding -> conversation.journeys().anyMatch(finding.proof()::equals));
  }

  private int lostEvents() {
    long lost =
        tracing.lostEvents()
            - lostBefore
            + subscription.lost()
            + conversations.forgotten()
            + undrained;
    return (int) Math.min(lost, 0xffff_ffffL);
  }

  @Override
  public void close() {
    subscription.close();
  }
}
