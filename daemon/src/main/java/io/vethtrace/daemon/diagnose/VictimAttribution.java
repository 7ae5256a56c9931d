package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.trace.ConversationKey;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes packets that died in a neighbour's queue to the neighbour that did not answer. */
final class VictimAttribution {
  private final IdentityHashMap<RootCause, List<ConversationView>> victims =
      new IdentityHashMap<>();
  private final List<ConversationView> unexplained = new ArrayList<>();

  VictimAttribution(List<ConversationView> waiting, List<RootCause> roots) {
    for (ConversationView victim : waiting) {
      List<RootCause> blamed = blamed(victim, roots);
      blamed.forEach(root -> victims.computeIfAbsent(root, _ -> new ArrayList<>()).add(victim));
      if (blamed.isEmpty()) {
        unexplained.add(victim);
      }
    }
  }

  /** Returns the conversations whose packets died because of it. */
  List<ConversationView> victims(RootCause root) {
    return victims.getOrDefault(root, List.of());
  }

  /** Returns the conversations for which no silent neighbour is known. */
  List<ConversationView> unexplained() {
    return unexplained;
  }

  /** Returns the root causes for the victim's own target, or else for its next hop. */
  private static List<RootCause> blamed(ConversationView victim, List<RootCause> roots) {
    Map<ConversationKey, RootCause> near = new LinkedHashMap<>();
    for (RootCause root : roots) {
      if (root.mayHaveStopped(victim)) {
        near.merge(root.view().key(), root, (one, other) -> nearer(victim, one, other));
      }
    }
    List<RootCause> exact =
        near.values().stream()
            .filter(root -> root.view().key().target().equals(victim.key().target()))
            .toList();
    return exact.isEmpty() ? List.copyOf(near.values()) : exact;
  }

  /** Chooses, of two requests for the same neighbour, the last one before the drop. */
  private static RootCause nearer(ConversationView victim, RootCause one, RootCause other) {
    return other.distanceNs(victim) < one.distanceNs(victim) ? other : one;
  }
}
