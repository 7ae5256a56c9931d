package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.trace.Conversation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The findings about conversations that happened together. A fault stops one conversation and fails
 * others: those are folded under it as consequences, and the same fault is reported once.
 */
public final class Diagnosis {
  private Diagnosis() {}

  /** Findings, root causes first; empty where all is well. */
  public static List<Finding> of(List<Conversation> conversations, Snapshot snapshot) {
    return of(conversations, List.of(), snapshot);
  }

  /**
   * Likewise.
   *
   * @param before conversations that were judged a moment ago: what they led to is not told as a
   *     fault, nor are they themselves once more
   */
  public static List<Finding> of(
      List<Conversation> conversations, List<Conversation> before, Snapshot snapshot) {
    Set<Conversation> told = Set.copyOf(conversations);
    List<ConversationView> cases =
        TracerouteProbes.without(
            Stream.concat(conversations.stream(), before.stream())
                .map(c -> new ConversationView(c, snapshot))
                .toList());
    List<RootCause> roots =
        cases.stream()
            .filter(c -> !c.waitedForNeighbour())
            .flatMap(RootCause::of)
            .filter(root -> !BenignAttempt.isMoot(root.finding(), root.view(), cases))
            .toList();
    VictimAttribution blame =
        new VictimAttribution(
            cases.stream().filter(ConversationView::waitedForNeighbour).toList(), roots);
    Stream<Finding> known =
        roots.stream()
            .filter(root -> told.contains(root.view().conversation()))
            .filter(root -> roots.stream().noneMatch(other -> other.holds(root)))
            .map(root -> root.folded(blame.victims(root), roots));
    Stream<Finding> unexplained =
        blame.unexplained().stream()
            .filter(view -> told.contains(view.conversation()))
            .flatMap(RootCause::of)
            .map(RootCause::finding);
    return merged(Stream.concat(known, unexplained)).stream()
        .map(finding -> limited(finding, snapshot))
        .toList();
  }

  /** With what could not be read of the place where the fault is. */
  private static Finding limited(Finding finding, Snapshot snapshot) {
    return snapshot.limit(finding.place().netns()).map(finding::withEvidence).orElse(finding);
  }

  /**
   * Whether a conversation needs no more time: it has its answer or none is due, or what stopped it
   * is known.
   */
  public static boolean isSettled(Conversation conversation, Snapshot snapshot) {
    ConversationView view = new ConversationView(conversation, snapshot);
    return !view.expectsAnswer()
        || view.answered()
        || RuleOrder.firstFinding(view).filter(Diagnosis::isDecided).isPresent();
  }

  private static boolean isDecided(Finding finding) {
    return finding.cause() != Cause.UNKNOWN && finding.cause() != Cause.NEIGHBOUR_UNANSWERED;
  }

  private static List<Finding> merged(Stream<Finding> findings) {
    List<Finding> distinct = new ArrayList<>();
    findings.forEach(finding -> merge(distinct, finding));
    distinct.sort(Comparator.comparing(finding -> !isDecided(finding)));
    return List.copyOf(distinct);
  }

  private static void merge(List<Finding> distinct, Finding finding) {
    for (int i = 0; i < distinct.size(); i++) {
      if (distinct.get(i).sameFault(finding)) {
        distinct.set(i, distinct.get(i).with(finding));
        return;
      }
    }
    distinct.add(finding);
  }
}
