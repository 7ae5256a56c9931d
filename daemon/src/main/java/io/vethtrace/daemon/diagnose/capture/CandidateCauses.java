package io.vethtrace.daemon.diagnose.capture;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.UnansweredRequests;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;

/**
 * The causes that remain possible for requests without an answer on captures. A capture sees the
 * frames that a device receives before traffic control, netfilter and IP do, and after XDP
 * (net/core/dev.c, __netif_receive_skb_core); it sees sent frames behind the queue (xmit_one). So a
 * frame that is captured on its arrival passed the link, and one that is captured where it left
 * passed that device's queue and filters.
 */
final class CandidateCauses {
  private final UnansweredRequests unanswered;
  private final String requester;
  private final String target;
  private final boolean v6;
  private final List<CandidateCause> left = new ArrayList<>();

  private CandidateCauses(UnansweredRequests unanswered) {
    this.unanswered = unanswered;
    requester = InetAddresses.toAddrString(unanswered.key().requester());
    target = InetAddresses.toAddrString(unanswered.key().target());
    v6 = unanswered.key().target() instanceof Inet6Address;
  }

  /** Returns the causes, the likeliest first. */
  static List<CandidateCause> of(UnansweredRequests unanswered) {
    CandidateCauses causes = new CandidateCauses(unanswered);
    switch (unanswered.fate()) {
      case UnansweredRequests.Fate.Nothing _ -> causes.ofSilence();
      case UnansweredRequests.Fate.Lost _ -> causes.onTheWay();
      case UnansweredRequests.Fate.Refused refused -> causes.ofError(refused);
    }
    return causes.left;
  }

  private CandidateCauses may(Cause cause, String when) {
    left.add(new CandidateCause(cause, when));
    return this;
  }

  private void ofSilence() {
    if (unanswered.crossed()) {
      atReceiver();
    } else if (!unanswered.crossings().isEmpty()) {
      onTheWay();
    } else {
      atReceiver();
      may(Cause.PEER_DOWN, "the other end, or a device on the way, is down");
    }
  }

  private void atReceiver() {
    if (!v6 && !unanswered.heardByTarget()) {
      may(
          Cause.SOURCE_ADDRESS_IS_LOCAL,
          "%s is an address of the receiver's own namespace too, and accept_local is off"
              .formatted(requester));
      may(
          Cause.REVERSE_PATH_FILTER,
          "rp_filter is on and the route to %s is by another device".formatted(requester));
    }
    switch (unanswered.key()) {
      case ConversationKey.Neighbour _ -> neighbour();
      case ConversationKey.Echo _ -> echo();
      case ConversationKey.Flow _ -> connect();
      case ConversationKey.Alone _ -> {} // expects no answer, so is no silence
    }
  }

  private void neighbour() {
    if (!v6) {
      may(Cause.ARP_IGNORED, "arp_ignore is set where the request arrives");
      may(Cause.ARP_FILTERED, "arp_filter is on where the request arrives");
    }
    may(
        Cause.NEIGHBOUR_UNANSWERED,
        "nobody there has %s%s".formatted(target, v6 ? ", or it is still tentative" : ""));
    may(v6 ? Cause.NETFILTER : Cause.TC_FILTER, "a filter on the receiver takes it");
  }

  private void echo() {
    wayBack();
    may(Cause.ECHO_IGNORED, "the receiver is set not to answer echoes");
  }

  private void connect() {
    wayBack();
    may(Cause.LISTEN_QUEUE_FULL, "the program does not accept what is in its queue");
  }

  private void wayBack() {
    may(
        Cause.LOOPBACK_DOWN,
        "both addresses are of one namespace: the answer goes by its lo, which is down");
    may(Cause.NETFILTER, "a rule of the receiver drops it, or the answer");
    may(Cause.NO_ROUTE, "the receiver has no route to %s".formatted(requester));
  }

  private void onTheWay() {
    may(Cause.XDP, "a program on the receiving device drops it, before a capture sees it");
    may(Cause.CPU_BACKLOG_FULL, "the receiving CPU's queue is full");
    if (unanswered.key() instanceof ConversationKey.Neighbour) {
      may(Cause.BRIDGE_VLAN, "there is a bridge between the two that has not that VLAN there");
      may(Cause.BRIDGE_PORT, "there is a bridge between the two, and a port does not forward");
    } else {
      may(Cause.FORWARDING_DISABLED, "there is a router between the two that does not forward");
      may(Cause.NETFILTER, "there is a bridge or router between the two that drops it");
    }
    may(Cause.PEER_DOWN, "a device between the two is down");
  }

  private void ofError(UnansweredRequests.Fate.Refused refused) {
    IcmpErrorCause.of(refused)
        .ifPresent(cause -> may(cause, "that host says: " + refused.message()));
  }
}
