package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What to ask the kernel about ways, while a snapshot is taken, so that the rules can tell. */
public final class RouteQueries {
  /** So many conversations of one namespace are explained at once. */
  private static final int MAX_OF_NETNS = 256;

  private final Map<Integer, Set<RouteQuery>> asked = new HashMap<>();

  private RouteQueries() {}

  /** The questions for each namespace, by its inode. */
  public static Map<Integer, Set<RouteQuery>> of(Collection<Conversation> conversations) {
    RouteQueries questions = new RouteQueries();
    conversations.forEach(questions::about);
    return questions.asked;
  }

  private void about(Conversation conversation) {
    Stream.concat(conversation.requests().stream(), conversation.replies().stream())
        .forEach(this::about);
    if (conversation.replyCount() == 0) {
      conversation.requests().forEach(this::aboutReply);
    }
  }

  private void about(Journey journey) {
    Event end = journey.last();
    if (end instanceof Event.RouteLookup routeLookup) {
      lookup(routeLookup).ifPresent(query -> ask(end.netns(), query));
    } else if (journey.isDropped()) {
      way(journey, end).ifPresent(query -> ask(end.netns(), query));
      wayBack(end).ifPresent(query -> ask(end.netns(), query));
    }
  }

  private void aboutReply(Journey request) {
    request
        .received()
        .ifPresent(hop -> {
          reply(hop).ifPresent(query -> ask(hop.netns(), query));
          wayBack(hop).ifPresent(query -> ask(hop.netns(), query));
        });
  }

  private void ask(int netns, RouteQuery query) {
    Set<RouteQuery> questions = asked.computeIfAbsent(netns, _ -> new LinkedHashSet<>());
    if (questions.size() < MAX_OF_NETNS) {
      questions.add(query);
    }
  }

  /** The question that a look-up put. */
  static Optional<RouteQuery> lookup(Event.RouteLookup lookup) {
    return IpHeader.of(lookup)
        .map(ip ->
            new RouteQuery(
                ip.destination(),
                Optional.of(ip.source()).filter(source -> !source.isAnyLocalAddress()),
                0,
                lookup.ifindex(),
                lookup.fwmark()));
  }

  /** Which way a packet was to go on from {@code end}, where it is not a link-local matter. */
  static Optional<RouteQuery> way(Journey journey, Event end) {
    int iif =
        journey.received().filter(hop -> hop.netns() == end.netns()).map(Event::ifindex).orElse(0);
    return IpHeader.of(end)
        .filter(ip -> !ip.destination().isMulticastAddress())
        .map(ip -> RouteQuery.forwarded(ip.source(), ip.destination(), iif));
  }

  /** Which way the answer to a packet that was received would go. */
  static Optional<RouteQuery> reply(Event hop) {
    return IpHeader.of(hop)
        .filter(ip -> !ip.destination().isMulticastAddress())
        .map(ip -> new RouteQuery(ip.source(), Optional.of(ip.destination()), 0, 0, 0));
  }

  /** Which way leads to the sender of a packet, an ARP request's too. */
  static Optional<RouteQuery> wayBack(Event hop) {
    return IpHeader.sender(hop).map(RouteQuery::to);
  }
}
