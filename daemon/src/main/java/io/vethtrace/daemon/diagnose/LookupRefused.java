package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.Errno;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A program was refused a route, so that no packet was ever made. One table that does not know the
 * destination (EAGAIN) is no fault while the next does: the kernel's answer after all rules counts,
 * and where it has a way by now there is nothing to say.
 */
final class LookupRefused implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    return question.conversation().requests().stream()
        .filter(journey -> journey.last().hook().isLookup())
        // The look-up that failed for good says more than one table's miss.
        .sorted((a, b) -> Boolean.compare(isMiss(a.last()), isMiss(b.last())))
        .flatMap(journey -> finding(question, journey).stream())
        .findFirst();
  }

  private static boolean isMiss(Event lookup) {
    return lookup.result() == -Errno.EAGAIN;
  }

  private static Optional<Finding> finding(Case question, Journey journey) {
    return RouteVerdict.ofLookup(question, journey)
        .map(verdict -> finding(question, journey, verdict));
  }

  private static Finding finding(Case question, Journey journey, RouteVerdict verdict) {
    Event lookup = journey.last();
    boolean refusedHere = lookup.result() == -verdict.errno();
    return verdict
        .draft(Verdict.REFUSED, Confidence.OBSERVED)
        .hook(lookup.hook().kernelName())
        .returned(refusedHere ? OptionalInt.of(lookup.result()) : OptionalInt.empty())
        .proves(Evidence.Kind.RETURN_VALUE, "%s", Words.lookup(journey))
        .proves(Evidence.Kind.PACKETS, "the program was refused, and no packet was made")
        .at(lookup, journey, question, question.conversation().requestCount());
  }
}
