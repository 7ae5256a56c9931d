package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Recognises failures that a program provokes on purpose or expects: its first attempt fails, and
 * the second one succeeds.
 */
final class ExpectedFailure {
  /** A program tries the next address at once; an ARP request may have to be repeated first. */
  private static final long NEXT_TRY_NS = TimeUnit.SECONDS.toNanos(2);

  private ExpectedFailure() {}

  /**
   * Returns true if {@code all} that happened shows that the finding about {@code view} is no
   * fault.
   */
  static boolean isExpected(Finding finding, ConversationView view, List<ConversationView> all) {
    if (finding.cause() == Cause.TTL_EXPIRED) {
      return all.stream().anyMatch(other -> reached(view, other));
    }
    return finding.proof().last() instanceof Event.RouteLookup
        && all.stream().anyMatch(other -> wentOtherwise(finding.proof().last(), view, other));
  }

  /**
   * Returns true if packets with a greater TTL reached the destination, as traceroute sends them.
   */
  private static boolean reached(ConversationView view, ConversationView other) {
    return other.key().requester().equals(view.key().requester())
        && other.key().target().equals(view.key().target())
        && other.answered();
  }

  /**
   * Returns true if the program soon began a conversation by the other IP version, and that one was
   * answered: it tries both for a name with addresses of both. A conversation that was under way
   * before belongs to another program.
   */
  private static boolean wentOtherwise(
      Event lookup, ConversationView view, ConversationView other) {
    return isV6(other.key().target()) != isV6(view.key().target())
        && !other.isNeighbour()
        && other.conversation().requests().stream()
            .map(Journey::first)
            .min(Comparator.comparingLong(Event::ktimeNs))
            .filter(sent -> sent.netns() == lookup.netns())
            .filter(sent -> isSoonAfter(lookup, sent))
            .isPresent()
        && other.answered();
  }

  private static boolean isSoonAfter(Event lookup, Event sent) {
    long ns = sent.ktimeNs() - lookup.ktimeNs();
    return ns > 0 && ns < NEXT_TRY_NS;
  }

  private static boolean isV6(InetAddress address) {
    return address.getAddress().length == 16;
  }
}
