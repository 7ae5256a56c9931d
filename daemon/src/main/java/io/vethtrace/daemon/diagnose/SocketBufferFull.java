package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.ChecksumOf;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.Set;

/**
 * A socket had no room for what arrived: its program does not read, or not fast enough
 * (net/ipv4/udp.c, __udp_enqueue_schedule_skb). A datagram is then lost whether it wanted an answer
 * or not; TCP sends again.
 */
final class SocketBufferFull implements Rule {
  private static final String MEMORY = "PROTO_MEM";
  private static final Set<String> REASONS = Set.of("SOCKET_RCVBUFF", "SOCKET_BACKLOG", MEMORY);

  /**
   * Where 5.10 frees it when the compiler put __udp_queue_rcv_skb into its caller, which frees for
   * checksums and policies too (net/ipv4/udp.c, net/ipv6/udp.c).
   */
  private static final Set<String> CALLERS =
      Set.of("udp_queue_rcv_one_skb", "udpv6_queue_rcv_one_skb");

  @Override
  public Optional<Finding> apply(Case question) {
    return question.drops().stream()
        .filter(journey -> isTold(question, journey) || isConcluded(question, journey.last()))
        .filter(journey -> isDatagram(journey) || !question.answered())
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  private static boolean isTold(Case question, Journey journey) {
    return REASONS.contains(question.snapshot().reason(journey.last()));
  }

  /** From the place, and from a socket that holds unread datagrams and has dropped others. */
  private static boolean isConcluded(Case question, Event drop) {
    return question.snapshot().reason(drop).isEmpty()
        && CALLERS.contains(question.snapshot().place(drop))
        && !ChecksumOf.TRANSPORT.isWrong(drop)
        && Destination.of(drop)
            .flatMap(
                to -> question.sockets(drop.netns()).taker(to.protocol(), to.address(), to.port()))
            .filter(socket -> socket.receiveQueue() > 0 && socket.drops() > 0)
            .isPresent();
  }

  private static boolean isDatagram(Journey journey) {
    return Header.of(journey.first())
        .filter(header -> header.protocol() == Destination.UDP)
        .isPresent();
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    String reason = question.snapshot().reason(drop);
    String socket = Destination.of(drop).map(to -> to.name() + " " + to.endpoint()).orElse("it");
    Draft draft =
        new Draft(
                Cause.SOCKET_BUFFER_FULL,
                Verdict.DROPPED,
                isTold(question, journey) ? Confidence.OBSERVED : Confidence.INFERRED)
            .title("the receive buffer of the socket at %s is full", socket)
            .explanation(
                "The packet arrived, and the socket had no room for it: %s. The sender is not told."
                    + " The program must read, read faster, or ask for a larger buffer (SO_RCVBUF).",
                reason.equals(MEMORY)
                    ? "the memory of all sockets of its protocol is used up"
                    : "the program does not read what it got before")
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(reason)
            .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop));
    Destination.of(drop).ifPresent(to -> proveSocket(draft, question, drop, to));
    return draft.at(drop, journey, question, question.drops().size());
  }

  private static void proveSocket(Draft draft, Case question, Event drop, Destination to) {
    question
        .sockets(drop.netns())
        .taker(to.protocol(), to.address(), to.port())
        .filter(socket -> to.protocol() == Destination.UDP)
        .ifPresent(socket ->
            draft.proves(
                Evidence.Kind.SOCKET,
                "the socket at %s holds %d bytes of unread datagrams and has dropped %d (inode %d)",
                socket.endpoint(),
                socket.receiveQueue(),
                socket.drops(),
                socket.inode()));
    question
        .sockets(drop.netns())
        .counter("Udp.RcvbufErrors")
        .ifPresent(count -> draft.proves(Evidence.Kind.COUNTER, "UdpRcvbufErrors: %d", count));
    question
        .sysctl(drop.netns(), "net.core.rmem_max")
        .ifPresent(max ->
            draft.proves(
                Evidence.Kind.SYSCTL, "net.core.rmem_max: %d; SO_RCVBUF gets no more", max));
  }
}
