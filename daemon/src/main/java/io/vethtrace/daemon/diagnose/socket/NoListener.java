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
import io.vethtrace.daemon.kernel.socket.InetSocket;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A datagram or a request for a connection came to an address and port at which no socket takes it
 * (net/ipv4/udp.c, __udp4_lib_rcv; tcp_ipv4.c, tcp_v4_rcv, and their twins of IPv6): reason
 * NO_SOCKET since 5.17. Before, and where there is no reason, the functions free for other reasons
 * too, and the ICMP error or the reset that was sent back tells.
 */
public final class NoListener implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.NO_LISTENER,
                  Detection.BY_DROP,
                  """
                  A datagram or a SYN arrives at a port that no socket has at that address: \
                  `__udp4_lib_rcv`, `tcp_v4_rcv` and their IPv6 counterparts free it \
                  (net/ipv4/udp.c, tcp_ipv4.c) and send an ICMP error or a reset.\
                  """,
                  """
                  The reason `NO_SOCKET`. On kernels without reasons (5.10): the location \
                  together with the port-unreachable error or the reset of the conversation. \
                  A reset alone is no answer.\
                  """,
                  """
                  No command: the finding says who listens on the port at other addresses.\
                  """))
          .needing(RequiredFact.SOCKETS);

  private static final Set<String> LOCATIONS =
      Set.of("__udp4_lib_rcv", "__udp6_lib_rcv", "tcp_v4_rcv", "tcp_v6_rcv");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered() || !(view.key() instanceof ConversationKey.Flow)) {
      return Optional.empty();
    }
    return view.conversation().requests().stream()
        .filter(Journey::isDropped)
        .filter(request -> isRefused(view, request))
        .flatMap(request ->
            SocketDestination.of(request.last()).stream().map(to -> finding(view, request, to)))
        .findFirst();
  }

  private static boolean isRefused(ConversationView view, Journey request) {
    if (isOfConnection(request)) {
      return false;
    }
    return switch (view.snapshot().reason(request.last())) {
      case "NO_SOCKET" -> true;
      case "", "NOT_SPECIFIED" ->
          LOCATIONS.contains(view.snapshot().location(request.last())) && isReportedToSender(view);
      default -> false;
    };
  }

  /** A segment that does not ask for a connection but belongs to one. */
  private static boolean isOfConnection(Journey request) {
    return IpHeader.is(request, IpHeader.Kind.SEGMENT) || isReset(request);
  }

  private static boolean isReportedToSender(ConversationView view) {
    return view.conversation().replies().stream().anyMatch(NoListener::isReset)
        || view.conversation().errors().stream().anyMatch(NoListener::isPortUnreachable);
  }

  private static boolean isReset(Journey journey) {
    return IpHeader.is(journey, IpHeader.Kind.RESET);
  }

  public static boolean isPortUnreachable(Journey error) {
    return IpHeader.is(error, IpHeader.Kind.PORT_UNREACHABLE);
  }

  private static Finding finding(ConversationView view, Journey request, SocketDestination to) {
    Event drop = request.last();
    SocketFacts sockets = view.sockets(drop.netns());
    String netns = view.snapshot().netnsName(drop.netns());
    FindingBuilder builder =
        new FindingBuilder(Cause.NO_LISTENER, Verdict.REFUSED, Confidence.OBSERVED)
            .title("nobody listens on %s (%s) in namespace %s", to.endpoint(), to.name(), netns)
            .explanation(
                "The packet arrived on %s, and no %s socket takes packets to %s. %s",
                drop.ifname(), to.name(), to.endpoint(), advice(sockets, to))
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    proveSockets(builder, sockets, to, netns);
    builder.proves(Evidence.Kind.PACKETS, "refused: %s", request.summary());
    return builder
        .at(drop, request, view, view.conversation().requestCount())
        .withConsequences(resets(view));
  }

  private static String advice(SocketFacts sockets, SocketDestination to) {
    return others(sockets, to).isEmpty()
        ? "The program that is to answer must run there, and listen on this address and port."
        : "A program has the port, but at another address: it must listen on %s, or on all addresses."
            .formatted(to.uri());
  }

  private static List<InetSocket> others(SocketFacts sockets, SocketDestination to) {
    return sockets.at(to.protocol(), to.port()).filter(s -> !s.accepts(to.address())).toList();
  }

  private static void proveSockets(
      FindingBuilder builder, SocketFacts sockets, SocketDestination to, String netns) {
    if (!sockets.wasRead()) {
      return;
    }
    List<InetSocket> others = others(sockets, to);
    if (sockets.taker(to.protocol(), to.address(), to.port()).isPresent()) {
      builder.proves(Evidence.Kind.SOCKET, "a socket at port %d takes them by now", to.port());
    } else if (others.isEmpty()) {
      builder.proves(
          Evidence.Kind.SOCKET, "no %s socket in %s has port %d", to.name(), netns, to.port());
    } else {
      builder.proves(
          Evidence.Kind.SOCKET,
          "%s port %d is open on %s only",
          to.name(),
          to.port(),
          others.stream().map(InetSocket::endpoint).collect(Collectors.joining(", ")));
    }
  }

  private static List<String> resets(ConversationView view) {
    return view.conversation().replies().stream()
        .filter(NoListener::isReset)
        .map(reset -> "%s, a reset, was sent back: connection refused".formatted(reset.summary()))
        .distinct()
        .toList();
  }
}
