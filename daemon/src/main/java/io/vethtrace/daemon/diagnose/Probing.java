package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;

/**
 * What traceroute and its like do on purpose: packets with a time to live that is too small, so
 * that each router on the way names itself by an ICMP error, up to the first that the target
 * answers, be it by a refusal.
 */
final class Probing {
  private Probing() {}

  /** The cases that are no such probes. */
  static List<Case> without(List<Case> all) {
    return all.stream().filter(question -> !isProbe(question, all)).toList();
  }

  private static boolean isProbe(Case question, List<Case> all) {
    if (isTold(question)) {
      return all.stream().anyMatch(other -> isSameWay(question, other) && isReached(other));
    }
    return isRefused(question)
        && all.stream().anyMatch(other -> isSameWay(question, other) && isTold(other));
  }

  private static boolean isSameWay(Case one, Case other) {
    return !one.conversation().equals(other.conversation())
        && one.key().getClass() == other.key().getClass()
        && one.key().requester().equals(other.key().requester())
        && one.key().target().equals(other.key().target());
  }

  private static boolean isReached(Case question) {
    return question.answered() || isRefused(question);
  }

  /** By UDP a closed port tells traceroute that it is there. */
  private static boolean isRefused(Case question) {
    return question.key() instanceof ConversationKey.Flow
        && (question.conversation().errors().stream().anyMatch(NoListener::isPortUnreachable)
            || question.conversation().replyCount() > 0);
  }

  /** Whether a router told that the time to live was over, and no more came of it. */
  private static boolean isTold(Case question) {
    return !question.answered()
        && question.conversation().errors().stream().anyMatch(Probing::isTimeExceeded);
  }

  private static boolean isTimeExceeded(Journey error) {
    return Header.is(error, Header.Kind.TIME_EXCEEDED);
  }
}
