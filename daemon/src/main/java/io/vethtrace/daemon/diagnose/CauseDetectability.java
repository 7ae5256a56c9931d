package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.ProbeVisibility;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The confidence with which a family of causes can be found on this kernel, before there is a
 * packet. It is derived from the declarations of the rules.
 *
 * @param confidence empty if the causes cannot be found
 * @param why the facts that they rest on, or that are missing
 */
public record CauseDetectability(List<Cause> causes, Optional<Confidence> confidence, String why) {
  public CauseDetectability {
    causes = List.copyOf(causes);
  }

  /** Returns every cause once. Families are in the order of the rules that own them. */
  public static List<CauseDetectability> of(ProbeVisibility visible) {
    if (visible.hooks().isEmpty()) {
      return List.of(
          new CauseDetectability(
              List.of(Cause.values()), Optional.empty(), "nothing can be watched"));
    }
    return families().entrySet().stream()
        .map(family -> of(family.getValue(), family.getKey().on(visible)))
        .toList();
  }

  private static CauseDetectability of(Set<Cause> causes, Detection.Outlook outlook) {
    return new CauseDetectability(List.copyOf(causes), outlook.confidence(), outlook.why());
  }

  /** Returns the causes that are found in the same way, in the order of {@link Cause}. */
  private static Map<Detection, Set<Cause>> families() {
    Map<Detection, Set<Cause>> families = new LinkedHashMap<>();
    for (DeclaredCause owned : RuleOrder.ownedCauses()) {
      families
          .computeIfAbsent(owned.detection(), _ -> EnumSet.noneOf(Cause.class))
          .add(owned.cause());
    }
    return families;
  }
}
