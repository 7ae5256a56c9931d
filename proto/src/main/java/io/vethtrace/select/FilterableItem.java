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
 * The fields of an event, a journey or a finding that a filter can ask for.
 *
 * @param cause the cause of a finding; unspecified for other items
 * @param verdict the verdict; unspecified if there is none
 */
record FilterableItem(List<FilterableHop> hops, List<Flow> flows, Cause cause, Verdict verdict) {
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
        hops(journey),
        journey.getFlowsList(),
        Cause.CAUSE_UNSPECIFIED,
        isDropped ? Verdict.DROPPED : Verdict.VERDICT_UNSPECIFIED);
  }

  static FilterableItem of(Finding finding) {
    List<FilterableHop> hops = new ArrayList<>(hops(finding.getJourney()));
    hops.add(FilterableHop.of(finding));
    return new FilterableItem(
        hops, finding.getJourney().getFlowsList(), finding.getCause(), finding.getVerdict());
  }

  private static List<FilterableHop> hops(Journey journey) {
    return journey.getHopsList().stream().map(FilterableHop::of).toList();
  }
}
