package io.vethtrace.select;

import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Finding.Cause;
import io.vethtrace.v1.Finding.Verdict;
import io.vethtrace.v1.Flow;
import io.vethtrace.v1.Journey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a filter asks of an event, a journey or a finding.
 *
 * @param cause unspecified where it is no finding
 * @param verdict unspecified where there is none
 */
record Item(List<Sight> sights, List<Flow> flows, Cause cause, Verdict verdict) {
  private static final String DROP = "kfree_skb";

  static Item of(Event event) {
    Verdict verdict =
        event.getHop().getHook().equals(DROP) ? Verdict.DROPPED : Verdict.VERDICT_UNSPECIFIED;
    return new Item(
        List.of(Sight.of(event.getHop())),
        event.hasFlow() ? List.of(event.getFlow()) : List.of(),
        Cause.CAUSE_UNSPECIFIED,
        verdict);
  }

  static Item of(Journey journey) {
    boolean isDropped = journey.getEnd() == Journey.End.DROPPED;
    return new Item(
        sights(journey),
        journey.getFlowsList(),
        Cause.CAUSE_UNSPECIFIED,
        isDropped ? Verdict.DROPPED : Verdict.VERDICT_UNSPECIFIED);
  }

  static Item of(Finding finding) {
    List<Sight> sights = new ArrayList<>(sights(finding.getJourney()));
    sights.add(Sight.of(finding));
    return new Item(
        sights, finding.getJourney().getFlowsList(), finding.getCause(), finding.getVerdict());
  }

  private static List<Sight> sights(Journey journey) {
    return journey.getHopsList().stream().map(Sight::of).toList();
  }
}
