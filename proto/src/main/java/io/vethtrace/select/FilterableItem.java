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
record FilterableItem(List<FilterableHop> sights, List<Flow> flows, Cause cause, Verdict verdict) {
  private static final String DROP = "kfree_skb";

  static FilterableItem of(Event event) {
    Verdict verdict =
        event.getHop().getHook().equals(DROP) ? Verdict.DROPPED : Verdict.VERDICT_UNSPECIFIED;
    return new FilterableItem(
        List.of(FilterableHop.of(event.getHop())),
        event.hasFlow() ? List.of(event.getFlow()) : List.of(),
        Cause.CAUSE_UNSPECIFIED,
        verdict);
  }

  static FilterableItem of(Journey journey) {
    boolean isDropped = journey.getEnd() == Journey.End.DROPPED;
    return new FilterableItem(
        sights(journey),
        journey.getFlowsList(),
        Cause.CAUSE_UNSPECIFIED,
        isDropped ? Verdict.DROPPED : Verdict.VERDICT_UNSPECIFIED);
  }

  static FilterableItem of(Finding finding) {
    List<FilterableHop> sights = new ArrayList<>(sights(finding.getJourney()));
    sights.add(FilterableHop.of(finding));
    return new FilterableItem(
        sights, finding.getJourney().getFlowsList(), finding.getCause(), finding.getVerdict());
  }

  private static List<FilterableHop> sights(Journey journey) {
    return journey.getHopsList().stream().map(FilterableHop::of).toList();
  }
}
