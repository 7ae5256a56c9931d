package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.InetSocket;
import io.vethtrace.daemon.kernel.SocketFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A listening socket's queue of connections to be accepted is full: tcp_conn_request lets go of the
 * SYN, which then ends in consume_skb (net/ipv4/tcp_input.c, 5.10 to 7.3), so nothing tells but the
 * queue, the counter and the silence. The last ACK of a handshake is dropped likewise, in 7.3 with
 * a reason (net/ipv4/tcp_minisocks.c, tcp_check_req).
 */
final class ListenQueueFull implements Rule {
  private static final String REASON = "TCP_LISTEN_OVERFLOW";
  private static final String COUNTER = "TcpExt.ListenOverflows";

  /** A listening socket whose queue is not empty. */
  private record Queue(Journey journey, Event hop, Destination to, InetSocket socket) {}

  @Override
  public Optional<Finding> apply(Case question) {
    return question.conversation().requests().stream()
        .flatMap(request -> queue(question, request).stream())
        .findFirst()
        .map(queue -> finding(question, queue));
  }

  private static Optional<Queue> queue(Case question, Journey request) {
    if (question.snapshot().reason(request.last()).equals(REASON)) {
      return waiting(question, request, request.last());
    }
    boolean isSilence =
        Header.is(request, Header.Kind.CONNECT) && !request.isDropped() && !isReplied(question);
    return isSilence
        ? lastReceived(request)
            .filter(hop -> overflows(question.sockets(hop.netns())).orElse(0) > 0)
            .flatMap(hop -> waiting(question, request, hop))
        : Optional.empty();
  }

  private static boolean isReplied(Case question) {
    return question.conversation().replyCount() > 0;
  }

  /** Where the stack took it in; empty where it was sent on. */
  private static Optional<Event> lastReceived(Journey request) {
    Event last = request.last();
    return last.hook().isTransmit() ? Optional.empty() : request.taken();
  }

  private static Optional<Queue> waiting(Case question, Journey request, Event hop) {
    return Destination.of(hop)
        .flatMap(to ->
            question
                .sockets(hop.netns())
                .taker(to.protocol(), to.address(), to.port())
                .filter(socket -> socket.receiveQueue() > 0)
                .map(socket -> new Queue(request, hop, to, socket)));
  }

  private static OptionalLong overflows(SocketFacts sockets) {
    return sockets.counter(COUNTER);
  }

  private static Finding finding(Case question, Queue queue) {
    Event hop = queue.hop;
    boolean isSeen = hop.hook() == Hook.KFREE_SKB;
    Draft draft =
        new Draft(
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
            .dropReason(question.snapshot().reason(hop))
            .proves(
                Evidence.Kind.SOCKET,
                "%d connections wait to be accepted by the socket at %s (inode %d)",
                queue.socket.receiveQueue(),
                queue.socket.endpoint(),
                queue.socket.inode());
    prove(draft, question, queue);
    return draft.at(hop, queue.journey, question, question.conversation().requestCount());
  }

  private static void prove(Draft draft, Case question, Queue queue) {
    int netns = queue.hop.netns();
    overflows(question.sockets(netns))
        .ifPresent(
            count -> draft.proves(Evidence.Kind.COUNTER, "TcpExtListenOverflows: %d", count));
    question
        .sysctl(netns, "net.core.somaxconn")
        .ifPresent(max ->
            draft.proves(
                Evidence.Kind.SYSCTL, "net.core.somaxconn: %d; a backlog gets no larger", max));
    draft.proves(
        Evidence.Kind.PACKETS,
        "%s: %d seen, %d answered",
        queue.journey.summary(),
        question.conversation().requestCount(),
        question.conversation().replyCount());
  }
}
