package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.socket.NoListener;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;

/**
 * The packets of traceroute and similar programs: their time to live is too small on purpose, so
 * that each router on the way names itself by an ICMP error, up to the first packet that the target
 * answers or refuses.
 */
final class TracerouteProbes {
  private TracerouteProbes() {}

  /** Returns the conversations that are no such probes. */
  static List<ConversationView> without(List<ConversationView> all) {
    return all.stream().filter(view -> !isProbe(view, all)).toList();
  }

  private static boolean isProbe(ConversationView view, List<ConversationView> all) {
    if (hasTimeExceeded(view)) {
      return all.stream().anyMatch(other -> isSameWay(view, other) && isReached(other));
    }
    return isRefused(view)
        && all.stream().anyMatch(other -> isSameWay(view, other) && hasTimeExceeded(other));
  }

  private static boolean isSameWay(ConversationView one, ConversationView other) {
    return !one.conversation().equals(other.conversation())
        && one.key().getClass() == other.key().getClass()
        && one.key().requester().equals(other.key().requester())
        && one.key().target().equals(other.key().target());
  }

  private static boolean isReached(ConversationView view) {
    return view.answered() || isRefused(view);
  }

  /**
   * Returns true if the target refused the packet: a closed UDP port shows traceroute that it got
   * there.
   */
  private static boolean isRefused(ConversationView view) {
    return view.key() instanceof ConversationKey.Flow
        && (view.conversation().errors().stream().anyMatch(NoListener::isPortUnreachable)
            || view.conversation().replyCount() > 0);
  }

  /** Returns true if a router reported that the time to live was over, and no answer came. */
  private static boolean hasTimeExceeded(ConversationView view) {
    return !view.answered()
        && view.conversation().errors().stream().anyMatch(TracerouteProbes::isTimeExceeded);
  }

  private static boolean isTimeExceeded(Journey error) {
    return IpHeader.is(error, IpHeader.Kind.TIME_EXCEEDED);
  }
}
