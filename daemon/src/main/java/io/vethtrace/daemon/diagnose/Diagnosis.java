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

  /** Returns the findings, root causes first; empty if all is well. */
  public static List<Finding> of(List<Conversation> conversations, Snapshot snapshot) {
    return of(conversations, List.of(), snapshot);
  }

  /**
   * Returns the findings, root causes first; empty if all is well.
   *
   * @param before conversations that were judged a moment ago: what they led to is not told as a
   *     fault, nor are they themselves once more
   */
  public static List<Finding> of(
      List<Conversation> conversations, List<Conversation> before, Snapshot snapshot) {
    Set<Conversation> told = Set.copyOf(conversations);
    List<ConversationView> views =
        TracerouteProbes.without(
            Stream.concat(conversations.stream(), before.stream())
                .map(c -> new ConversationView(c, snapshot))
                .toList());
    List<RootCause> roots =
        views.stream()
            .filter(c -> !c.waitedForNeighbour())
            .flatMap(RootCause::of)
            .filter(root -> !ExpectedFailure.isExpected(root.finding(), root.view(), views))
            .toList();
    VictimAttribution attribution =
        new VictimAttribution(
            views.stream().filter(ConversationView::waitedForNeighbour).toList(), roots);
    Stream<Finding> known =
        roots.stream()
            .filter(root -> told.contains(root.view().conversation()))
            .filter(root -> roots.stream().noneMatch(other -> other.holdsBack(root)))
            .map(root -> root.withConsequences(attribution.victims(root), roots));
    Stream<Finding> unexplained =
        attribution.unexplained().stream()
            .filter(view -> told.contains(view.conversation()))
            .flatMap(RootCause::of)
            .map(RootCause::finding);
    return merged(Stream.concat(known, unexplained)).stream()
        .map(finding -> limited(finding, snapshot))
        .toList();
  }

  /** Adds the facts that could not be read of the namespace where the fault is. */
  private static Finding limited(Finding finding, Snapshot snapshot) {
    return snapshot.limit(finding.place().netns()).map(finding::withEvidence).orElse(finding);
  }

  /**
   * Returns true if a conversation needs no more time: it has its answer, or none is due, or its
   * fault is known.
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
