package io.vethtrace.daemon.diagnose.model;

import java.util.Optional;

/** Finds one kind of root cause. A pure function: no I/O, no clock, no state. */
public interface Rule {
  /** Returns the causes that this rule gives, and the facts that it needs. */
  RuleDeclaration declaration();

  /** Returns the finding, or empty if this rule finds nothing. */
  Optional<Finding> apply(ConversationView view);
}
