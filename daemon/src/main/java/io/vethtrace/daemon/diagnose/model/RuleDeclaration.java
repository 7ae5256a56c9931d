package io.vethtrace.daemon.diagnose.model;

import java.util.List;
import java.util.Set;

/**
 * The causes that a rule gives, and the facts that it needs.
 *
 * @param owned the causes of this rule; no other rule owns them
 * @param alsoGiven causes that another rule owns, and of which this rule finds one more case
 * @param needs the facts that a snapshot has only if a rule asks for them
 */
public record RuleDeclaration(
    List<DeclaredCause> owned, Set<Cause> alsoGiven, List<RequiredFact> needs) {
  public RuleDeclaration {
    owned = List.copyOf(owned);
    alsoGiven = Set.copyOf(alsoGiven);
    needs = List.copyOf(needs);
  }

  public static RuleDeclaration owns(DeclaredCause... causes) {
    return new RuleDeclaration(List.of(causes), Set.of(), List.of());
  }

  /** Returns the declaration of a rule that finds further cases of other rules' causes. */
  public static RuleDeclaration givesOthers(Cause... causes) {
    return new RuleDeclaration(List.of(), Set.of(causes), List.of());
  }

  public RuleDeclaration alsoGiving(Cause... causes) {
    return new RuleDeclaration(owned, Set.of(causes), needs);
  }

  public RuleDeclaration needing(RequiredFact... facts) {
    return new RuleDeclaration(owned, alsoGiven, List.of(facts));
  }

  /** Returns true if findings of this rule may have the cause. */
  public boolean gives(Cause cause) {
    return alsoGiven.contains(cause) || owned.stream().anyMatch(own -> own.cause() == cause);
  }
}
