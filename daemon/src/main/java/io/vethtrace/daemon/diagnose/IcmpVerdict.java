package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Silence;
import java.util.Optional;

/**
 * What an ICMP error says went wrong where it was sent.
 *
 * @param words the message's name
 */
record IcmpVerdict(Cause cause, String words) {
  private static final int UNREACHABLE = 3; // RFC 792
  private static final int UNREACHABLE_V6 = 1; // RFC 4443 3.1
  private static final int PACKET_TOO_BIG_V6 = 2; // RFC 4443 3.2

  static Optional<IcmpVerdict> of(Silence.Fate.Refused refused) {
    if (refused.v6()) {
      return v6(refused.type(), refused.code());
    }
    return refused.type() == UNREACHABLE ? unreachable(refused.code()) : Optional.empty();
  }

  /** RFC 792, RFC 1191 and RFC 1812 5.2.7.1. */
  private static Optional<IcmpVerdict> unreachable(int code) {
    return switch (code) {
      case 0 -> said(Cause.NO_ROUTE, "network unreachable");
      case 1 -> said(Cause.NEIGHBOUR_UNANSWERED, "host unreachable");
      case 2 -> said(Cause.PROTOCOL_DISABLED, "protocol unreachable");
      case 3 -> said(Cause.NO_LISTENER, "port unreachable");
      case 4 -> said(Cause.MTU_EXCEEDED, "fragmentation needed");
      case 9, 10, 13 -> said(Cause.NETFILTER, "administratively prohibited");
      default -> Optional.empty();
    };
  }

  private static Optional<IcmpVerdict> v6(int type, int code) {
    if (type == PACKET_TOO_BIG_V6) {
      return said(Cause.MTU_EXCEEDED, "packet too big");
    }
    if (type != UNREACHABLE_V6) {
      return Optional.empty();
    }
    return switch (code) {
      case 0 -> said(Cause.NO_ROUTE, "no route");
      case 1 -> said(Cause.NETFILTER, "administratively prohibited");
      case 3 -> said(Cause.NEIGHBOUR_UNANSWERED, "address unreachable");
      case 4 -> said(Cause.NO_LISTENER, "port unreachable");
      default -> Optional.empty();
    };
  }

  private static Optional<IcmpVerdict> said(Cause cause, String words) {
    return Optional.of(new IcmpVerdict(cause, words));
  }
}
