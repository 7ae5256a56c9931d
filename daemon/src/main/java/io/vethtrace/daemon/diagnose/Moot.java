package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Event;
import java.net.InetAddress;
import java.util.List;

/**
 * Tells faults from what programs try on purpose: that a first attempt fails is how they find out,
 * and the second succeeds.
 */
final class Moot {
  private Moot() {}

  /**
   * Whether {@code all} that happened shows that the finding about {@code question} is no fault.
   */
  static boolean isMoot(Finding finding, Case question, List<Case> all) {
    if (finding.cause() == Cause.TTL_EXPIRED) {
      return all.stream().anyMatch(other -> reached(question, other));
    }
    return finding.proof().last().hook().isLookup()
        && all.stream().anyMatch(other -> wentOtherwise(finding.proof().last(), question, other));
  }

  /** As traceroute does: packets with a greater TTL reached the destination. */
  private static boolean reached(Case question, Case other) {
    return other.key().requester().equals(question.key().requester())
        && other.key().target().equals(question.key().target())
        && other.answered();
  }

  /**
   * As a name with addresses of both IP versions makes them try: the other version was answered.
   */
  private static boolean wentOtherwise(Event lookup, Case question, Case other) {
    return isV6(other.key().target()) != isV6(question.key().target())
        && !other.isNeighbour()
        && other.conversation().requests().stream()
            .map(request -> request.first())
            .anyMatch(sent -> sent.netns() == lookup.netns() && sent.ktimeNs() > lookup.ktimeNs())
        && other.answered();
  }

  private static boolean isV6(InetAddress address) {
    return address.getAddress().length == 16;
  }
}
