package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.stream.Stream;

/** The queries that the rules let the kernel answer about routes while a snapshot is taken. */
public final class RouteQueries {
  /** Repeats the look-ups that programs made. */
  public static final RequiredFact OF_LOOKUPS =
      (conversation, _, requests) ->
          packets(conversation)
              .map(Journey::last)
              .forEach(end -> {
                if (end instanceof Event.RouteLookup lookup) {
                  lookup(lookup).ifPresent(query -> requests.route(end.netns(), query));
                }
              });

  /** Asks for the way on of packets that were dropped. */
  static final RequiredFact OF_DROPS =
      (conversation, _, requests) ->
          drops(conversation)
              .forEach(journey ->
                  way(journey, journey.last())
                      .ifPresent(query -> requests.route(journey.last().netns(), query)));

  /** Asks for the way of the replies to requests that got none. */
  static final RequiredFact OF_REPLIES =
      (conversation, _, requests) ->
          unanswered(conversation)
              .forEach(hop -> reply(hop).ifPresent(query -> requests.route(hop.netns(), query)));

  /** Asks for the way to the senders of packets that were dropped or got no reply. */
  public static final RequiredFact TO_SENDERS =
      (conversation, _, requests) ->
          Stream.concat(drops(conversation).map(Journey::last), unanswered(conversation))
              .forEach(hop -> wayBack(hop).ifPresent(query -> requests.route(hop.netns(), query)));

  private RouteQueries() {}

  private static Stream<Journey> packets(Conversation conversation) {
    return Stream.concat(conversation.requests().stream(), conversation.replies().stream());
  }

  private static Stream<Journey> drops(Conversation conversation) {
    return packets(conversation).filter(Journey::isDropped);
  }

  /** Returns where the requests were received, if none got a reply. */
  private static Stream<Event> unanswered(Conversation conversation) {
    return conversation.replyCount() == 0
        ? conversation.requests().stream().flatMap(request -> request.received().stream())
        : Stream.empty();
  }

  /** Returns the query that a look-up made. */
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

  /** Returns the query for the way on from {@code end}; empty for multicast. */
  static Optional<RouteQuery> way(Journey journey, Event end) {
    int iif =
        journey.received().filter(hop -> hop.netns() == end.netns()).map(Event::ifindex).orElse(0);
    return IpHeader.of(end)
        .filter(ip -> !ip.destination().isMulticastAddress())
        .map(ip -> RouteQuery.forwarded(ip.source(), ip.destination(), iif));
  }

  /** Returns the query for the way of the reply to a received packet; empty for multicast. */
  static Optional<RouteQuery> reply(Event hop) {
    return IpHeader.of(hop)
        .filter(ip -> !ip.destination().isMulticastAddress())
        .map(ip -> new RouteQuery(ip.source(), Optional.of(ip.destination()), 0, 0, 0));
  }

  /** Returns the query for the way to the sender of a packet, also of an ARP request. */
  static Optional<RouteQuery> wayBack(Event hop) {
    return IpHeader.sourceOrArpSender(hop).map(RouteQuery::to);
  }
}
