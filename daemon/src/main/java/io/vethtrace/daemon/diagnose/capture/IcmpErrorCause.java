package io.vethtrace.daemon.diagnose.capture;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.trace.UnansweredRequests;
import java.util.Optional;

/** Maps an ICMP error to the cause that it reports of its sender. */
final class IcmpErrorCause {
  private static final int UNREACHABLE = 3; // RFC 792
  private static final int UNREACHABLE_V6 = 1; // RFC 4443 3.1
  private static final int PACKET_TOO_BIG_V6 = 2; // RFC 4443 3.2

  private IcmpErrorCause() {}

  static Optional<Cause> of(UnansweredRequests.Fate.Refused refused) {
    if (refused.v6()) {
      return v6(refused.type(), refused.code());
    }
    return refused.type() == UNREACHABLE ? unreachable(refused.code()) : Optional.empty();
  }

  /** RFC 792, RFC 1191 and RFC 1812 5.2.7.1. */
  private static Optional<Cause> unreachable(int code) {
    return switch (code) {
      case 0 -> Optional.of(Cause.NO_ROUTE);
      case 1 -> Optional.of(Cause.NEIGHBOUR_UNANSWERED);
      case 2 -> Optional.of(Cause.PROTOCOL_DISABLED);
      case 3 -> Optional.of(Cause.NO_LISTENER);
      case 4 -> Optional.of(Cause.MTU_EXCEEDED);
      case 9, 10, 13 -> Optional.of(Cause.NETFILTER);
      default -> Optional.empty();
    };
  }

  private static Optional<Cause> v6(int type, int code) {
    if (type == PACKET_TOO_BIG_V6) {
      return Optional.of(Cause.MTU_EXCEEDED);
    }
    if (type != UNREACHABLE_V6) {
      return Optional.empty();
    }
    return switch (code) {
      case 0 -> Optional.of(Cause.NO_ROUTE);
      case 1 -> Optional.of(Cause.NETFILTER);
      case 3 -> Optional.of(Cause.NEIGHBOUR_UNANSWERED);
      case 4 -> Optional.of(Cause.NO_LISTENER);
      default -> Optional.empty();
    };
  }
}
