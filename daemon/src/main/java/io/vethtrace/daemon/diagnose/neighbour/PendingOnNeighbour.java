package io.vethtrace.daemon.diagnose.neighbour;

import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A packet that the kernel may hold back until a neighbour answers. The kernel sends an ARP request
 * at once, or is sending one each second already (net/core/neighbour.c, __neigh_event_send, 6.18).
 * No hook sees the packet until the answer comes or, after three requests, it is freed.
 */
public final class PendingOnNeighbour {
  private static final long BETWEEN_REQUESTS_NS = TimeUnit.SECONDS.toNanos(1);

  private PendingOnNeighbour() {}

  /**
   * Returns true if a packet of {@code stuck} got no further than into a namespace that was
   * requesting {@code neighbour} then.
   */
  public static boolean mayWaitFor(Conversation neighbour, Conversation stuck) {
    return packet(neighbour, stuck).isPresent();
  }

  /** The first such packet. */
  public static Optional<Journey> packet(Conversation neighbour, Conversation stuck) {
    if (!isNeighbour(neighbour) || isNeighbour(stuck)) {
      return Optional.empty();
    }
    return firstSent(neighbour)
        .flatMap(asked ->
            stuck(stuck)
                .filter(packet -> packet.last().netns() == asked.netns())
                .filter(packet -> wasAsking(asked, neighbour, packet.last().ktimeNs()))
                .findFirst());
  }

  private static boolean isNeighbour(Conversation conversation) {
    return conversation.key() instanceof ConversationKey.Neighbour;
  }

  private static Optional<Event> firstSent(Conversation conversation) {
    return conversation.requests().stream()
        .map(Journey::first)
        .min(Comparator.comparingLong(Event::ktimeNs));
  }

  /** Requests without a reply, and replies that did not come back, while nothing ended them. */
  private static Stream<Journey> stuck(Conversation conversation) {
    int requester = firstSent(conversation).map(Event::netns).orElse(0);
    Stream<Journey> packets =
        conversation.replyCount() == 0
            ? conversation.requests().stream()
            : conversation.replies().stream().filter(reply -> reply.last().netns() != requester);
    return packets.filter(packet -> packet.end() == Journey.End.OUT_OF_SIGHT);
  }

  private static boolean wasAsking(Event asked, Conversation neighbour, long atNs) {
    return asked.ktimeNs() <= atNs + BETWEEN_REQUESTS_NS
        && neighbour.lastNs() >= atNs - BETWEEN_REQUESTS_NS;
  }
}
