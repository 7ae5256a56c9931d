package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.InetSocket;
import io.vethtrace.daemon.kernel.SocketFacts;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Hook;
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
final class NoListener implements Rule {
  private static final Set<String> PLACES =
      Set.of("__udp4_lib_rcv", "__udp6_lib_rcv", "tcp_v4_rcv", "tcp_v6_rcv");

  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered() || !(question.key() instanceof ConversationKey.Flow)) {
      return Optional.empty();
    }
    return question.conversation().requests().stream()
        .filter(Journey::isDropped)
        .filter(request -> isRefused(question, request))
        .flatMap(request ->
            Destination.of(request.last()).stream().map(to -> finding(question, request, to)))
        .findFirst();
  }

  private static boolean isRefused(Case question, Journey request) {
    if (isOfConnection(request)) {
      return false;
    }
    return switch (question.snapshot().reason(request.last())) {
      case "NO_SOCKET" -> true;
      case "", "NOT_SPECIFIED" ->
          PLACES.contains(question.snapshot().place(request.last())) && isToldOf(question);
      default -> false;
    };
  }

  /** A segment that does not ask for a connection but belongs to one. */
  private static boolean isOfConnection(Journey request) {
    return Header.is(request, Header.Kind.SEGMENT) || isReset(request);
  }

  private static boolean isToldOf(Case question) {
    return question.conversation().replies().stream().anyMatch(NoListener::isReset)
        || question.conversation().errors().stream().anyMatch(NoListener::isPortUnreachable);
  }

  private static boolean isReset(Journey journey) {
    return Header.is(journey, Header.Kind.RESET);
  }

  static boolean isPortUnreachable(Journey error) {
    return Header.is(error, Header.Kind.PORT_UNREACHABLE);
  }

  private static Finding finding(Case question, Journey request, Destination to) {
    Event drop = request.last();
    SocketFacts sockets = question.sockets(drop.netns());
    String netns = question.snapshot().netnsName(drop.netns());
    Draft draft =
        new Draft(Cause.NO_LISTENER, Verdict.REFUSED, Confidence.OBSERVED)
            .title("nobody listens on %s (%s) in namespace %s", to.endpoint(), to.name(), netns)
            .explanation(
                "The packet arrived on %s, and no %s socket takes packets to %s. %s",
                drop.ifname(), to.name(), to.endpoint(), advice(sockets, to))
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(question.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop));
    proveSockets(draft, sockets, to, netns);
    draft.proves(Evidence.Kind.PACKETS, "refused: %s", request.summary());
    return draft
        .at(drop, request, question, question.conversation().requestCount())
        .withConsequences(resets(question));
  }

  private static String advice(SocketFacts sockets, Destination to) {
    return others(sockets, to).isEmpty()
        ? "The program that is to answer must run there, and listen on this address and port."
        : "A program has the port, but at another address: it must listen on %s, or on all addresses."
            .formatted(to.uri());
  }

  private static List<InetSocket> others(SocketFacts sockets, Destination to) {
    return sockets.at(to.protocol(), to.port()).filter(s -> !s.takes(to.address())).toList();
  }

  private static void proveSockets(Draft draft, SocketFacts sockets, Destination to, String netns) {
    if (!sockets.wasRead()) {
      return;
    }
    List<InetSocket> others = others(sockets, to);
    if (sockets.taker(to.protocol(), to.address(), to.port()).isPresent()) {
      draft.proves(Evidence.Kind.SOCKET, "a socket at port %d takes them by now", to.port());
    } else if (others.isEmpty()) {
      draft.proves(
          Evidence.Kind.SOCKET, "no %s socket in %s has port %d", to.name(), netns, to.port());
    } else {
      draft.proves(
          Evidence.Kind.SOCKET,
          "%s port %d is open on %s only",
          to.name(),
          to.port(),
          others.stream().map(InetSocket::endpoint).collect(Collectors.joining(", ")));
    }
  }

  private static List<String> resets(Case question) {
    return question.conversation().replies().stream()
        .filter(NoListener::isReset)
        .map(reset -> "%s, a reset, was sent back: connection refused".formatted(reset.summary()))
        .distinct()
        .toList();
  }
}
