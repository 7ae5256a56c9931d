package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The findings about conversations that happened together. A fault stops one conversation and fails
 * others: those are folded under it as consequences, and the same fault is reported once.
 */
public final class Diagnosis {
  private Diagnosis() {}

  /** Findings, root causes first; empty where all is well. */
  public static List<Finding> of(List<Conversation> conversations, Snapshot snapshot) {
    List<Case> cases = conversations.stream().map(c -> new Case(c, snapshot)).toList();
    List<Finding> roots =
        cases.stream().filter(c -> !waitedForNeighbour(c)).flatMap(Diagnosis::judged).toList();
    List<Finding> folded =
        roots.stream().map(root -> root.withConsequences(consequences(root, cases))).toList();
    return merged(Stream.concat(folded.stream(), unexplained(cases, roots)));
  }

  /**
   * Whether a conversation needs no more time: it has its answer or none is due, or what stopped it
   * is known.
   */
  public static boolean isSettled(Conversation conversation, Snapshot snapshot) {
    Case question = new Case(conversation, snapshot);
    return !question.expectsAnswer()
        || question.answered()
        || judge(question).filter(Diagnosis::isDecided).isPresent();
  }

  private static boolean isDecided(Finding finding) {
    return finding.cause() != Cause.UNKNOWN && finding.cause() != Cause.NEIGHBOUR_UNANSWERED;
  }

  private static Stream<Finding> judged(Case question) {
    Optional<Finding> own = judge(question);
    return own.map(finding -> finding.withConsequences(errors(question))).stream();
  }

  private static Optional<Finding> judge(Case question) {
    return Rule.ALL.stream().flatMap(rule -> rule.apply(question).stream()).findFirst();
  }

  private static boolean waitedForNeighbour(Case question) {
    return !question.isNeighbour()
        && !question.answered()
        && question.neighbourFailure().isPresent();
  }

  /** What died because the neighbour that {@code root} is about stayed silent. */
  private static List<String> consequences(Finding root, List<Case> cases) {
    return cases.stream()
        .filter(Diagnosis::waitedForNeighbour)
        .filter(waiting -> waitedFor(waiting, root))
        .flatMap(waiting -> Stream.concat(died(waiting, root), errors(waiting).stream()))
        .toList();
  }

  private static Stream<String> died(Case waiting, Finding root) {
    return waiting.neighbourFailure().stream()
        .map(
            journey ->
                "the queued packet %s, %d ms after the first ARP request"
                    .formatted(
                        Words.freed(waiting, journey),
                        (journey.last().ktimeNs() - root.proof().first().ktimeNs()) / 1_000_000));
  }

  /** A packet waits at the device and in the namespace where the ARP request was sent. */
  private static boolean waitedFor(Case waiting, Finding root) {
    Event asked = root.proof().first();
    return waiting
        .neighbourFailure()
        .map(Journey::last)
        .filter(drop -> drop.netns() == asked.netns() && drop.ifindex() == asked.ifindex())
        .isPresent();
  }

  private static List<String> errors(Case question) {
    return question.conversation().errors().stream()
        .map(
            error ->
                "%s was sent back%s"
                    .formatted(
                        error.summary(),
                        error.first().ifname().isEmpty()
                            ? ""
                            : " through " + error.first().ifname()))
        .distinct()
        .toList();
  }

  /** Packets that waited for a neighbour about which nothing else was found. */
  private static Stream<Finding> unexplained(List<Case> cases, List<Finding> roots) {
    return cases.stream()
        .filter(Diagnosis::waitedForNeighbour)
        .filter(waiting -> roots.stream().noneMatch(root -> waitedFor(waiting, root)))
        .flatMap(Diagnosis::judged);
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

  /** Inodes of the namespaces whose settings the rules need for these conversations. */
  public static Set<Integer> namespaces(List<Conversation> conversations) {
    return conversations.stream()
        .flatMap(conversation -> conversation.namespaces().stream())
        .collect(Collectors.toSet());
  }
}
