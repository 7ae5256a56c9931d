package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.netlink.Errno;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A program was refused a route, so that no packet was ever made. One table that does not know the
 * destination (EAGAIN) is no fault while the next does: the kernel's answer after all rules counts,
 * and where it has a way by now there is nothing to say.
 */
public final class RouteLookupFailed implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.givesOthers(
              Cause.NO_ROUTE,
              Cause.BLACKHOLE_ROUTE,
              Cause.UNREACHABLE_ROUTE,
              Cause.PROHIBITED_ROUTE)
          .needing(RouteQueries.OF_LOOKUPS);

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    return view.conversation().requests().stream()
        .filter(journey -> journey.last() instanceof Event.RouteLookup)
        // The look-up that failed for good says more than one table's miss.
        .sorted((a, b) -> Boolean.compare(isMiss(a.last()), isMiss(b.last())))
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static boolean isMiss(Event event) {
    return event instanceof Event.RouteLookup lookup && lookup.result() == -Errno.EAGAIN;
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    return journey.last() instanceof Event.RouteLookup lookup
        ? RouteRefusal.ofLookup(view, journey)
            .map(refusal -> finding(view, journey, lookup, refusal))
        : Optional.empty();
  }

  private static Finding finding(
      ConversationView view, Journey journey, Event.RouteLookup lookup, RouteRefusal refusal) {
    boolean refusedHere = lookup.result() == -refusal.errno();
    return refusal
        .builder(Verdict.REFUSED, Confidence.OBSERVED)
        .hook(lookup.hook().kernelName())
        .returned(refusedHere ? OptionalInt.of(lookup.result()) : OptionalInt.empty())
        .proves(Evidence.Kind.RETURN_VALUE, "%s", EvidenceText.lookup(lookup, journey))
        .proves(Evidence.Kind.PACKETS, "the program was refused, and no packet was made")
        .at(lookup, journey, view, view.conversation().requestCount());
  }
}
