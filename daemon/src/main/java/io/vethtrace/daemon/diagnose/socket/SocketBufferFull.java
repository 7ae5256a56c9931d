package io.vethtrace.daemon.diagnose.socket;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.PacketChecksum;
import java.util.Optional;
import java.util.Set;

/**
 * A socket had no room for what arrived: its program does not read, or not fast enough
 * (net/ipv4/udp.c, __udp_enqueue_schedule_skb). A datagram is then lost whether it wanted an answer
 * or not; TCP sends again.
 */
public final class SocketBufferFull implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.SOCKET_BUFFER_FULL,
                  Detection.BY_DROP,
                  """
                  The socket has no room: its program does not read (net/ipv4/udp.c, \
                  `__udp_enqueue_schedule_skb`).\
                  """,
                  """
                  The reason `SOCKET_RCVBUFF`, `SOCKET_BACKLOG` or `PROTO_MEM`. On 5.10 the \
                  location; if the function frees for other reasons too, a socket with \
                  unread and dropped datagrams (INFERRED). Datagrams count although others \
                  of the flow were answered.\
                  """,
                  """
                  No command: the program must read; `SO_RCVBUF` up to `net.core.rmem_max`.\
                  """))
          .needing(RequiredFact.SOCKETS);

  private static final String MEMORY = "PROTO_MEM";
  private static final Set<String> REASONS = Set.of("SOCKET_RCVBUFF", "SOCKET_BACKLOG", MEMORY);

  /**
   * Functions in which 5.10 frees it if the compiler inlined __udp_queue_rcv_skb into its caller,
   * which frees for checksums and policies too (net/ipv4/udp.c, net/ipv6/udp.c).
   */
  private static final Set<String> CALLERS =
      Set.of("udp_queue_rcv_one_skb", "udpv6_queue_rcv_one_skb");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    return view.drops().stream()
        .filter(journey -> hasReason(view, journey) || isConcluded(view, journey.last()))
        .filter(journey -> isDatagram(journey) || !view.answered())
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  private static boolean hasReason(ConversationView view, Journey journey) {
    return REASONS.contains(view.snapshot().reason(journey.last()));
  }

  /**
   * Concludes it from the location, and from a socket that has unread datagrams and dropped others.
   */
  private static boolean isConcluded(ConversationView view, Event drop) {
    return view.snapshot().reason(drop).isEmpty()
        && CALLERS.contains(view.snapshot().location(drop))
        && !PacketChecksum.TRANSPORT.isWrong(drop)
        && SocketDestination.of(drop)
            .flatMap(to -> view.sockets(drop.netns()).taker(to.protocol(), to.address(), to.port()))
            .filter(socket -> socket.receiveQueue() > 0 && socket.drops() > 0)
            .isPresent();
  }

  private static boolean isDatagram(Journey journey) {
    return IpHeader.of(journey.first())
        .filter(header -> header.protocol() == SocketDestination.UDP)
        .isPresent();
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    String reason = view.snapshot().reason(drop);
    String socket =
        SocketDestination.of(drop).map(to -> to.name() + " " + to.endpoint()).orElse("it");
    FindingBuilder builder =
        new FindingBuilder(
                Cause.SOCKET_BUFFER_FULL,
                Verdict.DROPPED,
                hasReason(view, journey) ? Confidence.OBSERVED : Confidence.INFERRED)
            .title("the receive buffer of the socket at %s is full", socket)
            .explanation(
                "The packet arrived, and the socket had no room for it: %s. The sender is not told."
                    + " The program must read, read faster, or ask for a larger buffer"
                    + " (SO_RCVBUF).",
                reason.equals(MEMORY)
                    ? "the memory of all sockets of its protocol is used up"
                    : "the program does not read what it got before")
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(reason)
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    SocketDestination.of(drop).ifPresent(to -> proveSocket(builder, view, drop, to));
    return builder.at(drop, journey, view, view.drops().size());
  }

  private static void proveSocket(
      FindingBuilder builder, ConversationView view, Event drop, SocketDestination to) {
    view.sockets(drop.netns())
        .taker(to.protocol(), to.address(), to.port())
        .filter(socket -> to.protocol() == SocketDestination.UDP)
        .ifPresent(socket ->
            builder.proves(
                Evidence.Kind.SOCKET,
                "the socket at %s holds %d bytes of unread datagrams and has dropped %d (inode %d)",
                socket.endpoint(),
                socket.receiveQueue(),
                socket.drops(),
                socket.inode()));
    view.sockets(drop.netns())
        .counter("Udp.RcvbufErrors")
        .ifPresent(count -> builder.proves(Evidence.Kind.COUNTER, "UdpRcvbufErrors: %d", count));
    view.sysctl(drop.netns(), "net.core.rmem_max")
        .ifPresent(max ->
            builder.proves(
                Evidence.Kind.SYSCTL, "net.core.rmem_max: %d; SO_RCVBUF gets no more", max));
  }
}
