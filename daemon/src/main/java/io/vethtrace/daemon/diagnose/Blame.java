package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.ConversationKey;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which packets died in a neighbour's queue by whose silence. */
final class Blame {
  private final IdentityHashMap<Root, List<Case>> victims = new IdentityHashMap<>();
  private final List<Case> unexplained = new ArrayList<>();

  Blame(List<Case> waiting, List<Root> roots) {
    for (Case victim : waiting) {
      List<Root> blamed = blamed(victim, roots);
      blamed.forEach(root -> victims.computeIfAbsent(root, _ -> new ArrayList<>()).add(victim));
      if (blamed.isEmpty()) {
        unexplained.add(victim);
      }
    }
  }

  /** Those that died because of it. */
  List<Case> victims(Root root) {
    return victims.getOrDefault(root, List.of());
  }

  /** Those of which no neighbour is known that did not answer. */
  List<Case> unexplained() {
    return unexplained;
  }

  /** The victim's own target, or else its next hop. */
  private static List<Root> blamed(Case victim, List<Root> roots) {
    Map<ConversationKey, Root> near = new LinkedHashMap<>();
    for (Root root : roots) {
      if (root.mayHaveStopped(victim)) {
        near.merge(root.question().key(), root, (one, other) -> nearer(victim, one, other));
      }
    }
    List<Root> exact =
        near.values().stream()
            .filter(root -> root.question().key().target().equals(victim.key().target()))
            .toList();
    return exact.isEmpty() ? List.copyOf(near.values()) : exact;
  }

  /** Of those that asked for the same neighbour, the one that did so last before the death. */
  private static Root nearer(Case victim, Root one, Root other) {
    return other.distanceNs(victim) < one.distanceNs(victim) ? other : one;
  }
}
