package io.vethtrace.daemon.diagnose.socket;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.socket.InetSocket;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A listening socket's queue of connections to be accepted is full: tcp_conn_request lets go of the
 * SYN, which then ends in consume_skb (net/ipv4/tcp_input.c, 5.10 to 7.3), so nothing tells but the
 * queue, the counter and the silence. The last ACK of a handshake is dropped likewise, in 7.3 with
 * a reason (net/ipv4/tcp_minisocks.c, tcp_check_req).
 */
public final class ListenQueueFull implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.LISTEN_QUEUE_FULL,
                  Detection.BY_SETTINGS,
                  """
                  As many connections wait to be accepted as the backlog allows: \
                  `tcp_conn_request` gives up the SYN, which ends in `consume_skb` \
                  (net/ipv4/tcp_input.c, 5.10 to 7.3). The kernel drops the last ACK of a \
                  handshake.\
                  """,
                  """
                  A SYN that was received and not answered, a listening socket whose queue \
                  is not empty, and `ListenOverflows` (INFERRED). For the ACK the reason \
                  `TCP_LISTEN_OVERFLOW` (7.3).\
                  """,
                  """
                  No command: the program must accept, or `listen` with a larger backlog, up \
                  to `net.core.somaxconn`.\
                  """))
          .needing(RequiredFact.SOCKETS);

  private static final String REASON = "TCP_LISTEN_OVERFLOW";
  private static final String COUNTER = "TcpExt.ListenOverflows";

  /** A listening socket whose queue is not empty. */
  private record Queue(Journey journey, Event hop, SocketDestination to, InetSocket socket) {}

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    return view.conversation().requests().stream()
        .flatMap(request -> queue(view, request).stream())
        .findFirst()
        .map(queue -> finding(view, queue));
  }

  private static Optional<Queue> queue(ConversationView view, Journey request) {
    if (view.snapshot().reason(request.last()).equals(REASON)) {
      return waiting(view, request, request.last());
    }
    boolean isSilence =
        IpHeader.is(request, IpHeader.Kind.CONNECT) && !request.isDropped() && !isReplied(view);
    return isSilence
        ? lastReceived(request)
            .filter(hop -> overflows(view.sockets(hop.netns())).orElse(0) > 0)
            .flatMap(hop -> waiting(view, request, hop))
        : Optional.empty();
  }

  private static boolean isReplied(ConversationView view) {
    return view.conversation().replyCount() > 0;
  }

  /** Returns the hop at which the stack took the packet; empty if it was sent on. */
  private static Optional<Event> lastReceived(Journey request) {
    Event last = request.last();
    return last.hook().isTransmit() ? Optional.empty() : request.taken();
  }

  private static Optional<Queue> waiting(ConversationView view, Journey request, Event hop) {
    return SocketDestination.of(hop)
        .flatMap(to ->
            view.sockets(hop.netns())
                .taker(to.protocol(), to.address(), to.port())
                .filter(socket -> socket.receiveQueue() > 0)
                .map(socket -> new Queue(request, hop, to, socket)));
  }

  private static OptionalLong overflows(SocketFacts sockets) {
    return sockets.counter(COUNTER);
  }

  private static Finding finding(ConversationView view, Queue queue) {
    Event hop = queue.hop;
    boolean isSeen = hop instanceof Event.Drop;
    FindingBuilder builder =
        new FindingBuilder(
                Cause.LISTEN_QUEUE_FULL,
                Verdict.DROPPED,
                isSeen ? Confidence.OBSERVED : Confidence.INFERRED)
            .title("the program at TCP %s does not accept its connections", queue.to.endpoint())
            .explanation(
                "The packet arrived on %s. The socket that listens on %s has as many connections"
                    + " waiting as its backlog allows, and the kernel drops every further one"
                    + " without a word, so the client tries again until it gives up. The program"
                    + " must accept, faster, or listen with a larger backlog.",
                hop.ifname(), queue.socket.endpoint())
            .hook(isSeen ? hop.hook().kernelName() : "tcp_conn_request")
            .dropReason(view.snapshot().reason(hop))
            .proves(
                Evidence.Kind.SOCKET,
                "%d connections wait to be accepted by the socket at %s (inode %d)",
                queue.socket.receiveQueue(),
                queue.socket.endpoint(),
                queue.socket.inode());
    prove(builder, view, queue);
    return builder.at(hop, queue.journey, view, view.conversation().requestCount());
  }

  private static void prove(FindingBuilder builder, ConversationView view, Queue queue) {
    int netns = queue.hop.netns();
    overflows(view.sockets(netns))
        .ifPresent(
            count -> builder.proves(Evidence.Kind.COUNTER, "TcpExtListenOverflows: %d", count));
    view.sysctl(netns, "net.core.somaxconn")
        .ifPresent(max ->
            builder.proves(
                Evidence.Kind.SYSCTL, "net.core.somaxconn: %d; a backlog gets no larger", max));
    builder.proves(
        Evidence.Kind.PACKETS,
        "%s: %d seen, %d answered",
        queue.journey.summary(),
        view.conversation().requestCount(),
        view.conversation().replyCount());
  }
}
