package io.vethtrace.daemon.diagnose.model;

import java.util.Optional;

/** Finds one kind of root cause. A pure function: no I/O, no clock, no state. */
@FunctionalInterface
public interface Rule {
  /** The finding, or empty where this rule has nothing to say. */
  Optional<Finding> apply(ConversationView view);
}
