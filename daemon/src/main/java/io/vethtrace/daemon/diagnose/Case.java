package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.SocketFacts;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A conversation as the rules read it.
 *
 * @param conversation what was seen
 * @param snapshot what the kernel had set
 */
public record Case(Conversation conversation, Snapshot snapshot) {
  private static final Set<String> NEIGHBOUR_REASONS = Set.of("NEIGH_FAILED", "NEIGH_QUEUEFULL");

  /** Where 5.10, which has no reasons, frees packets of a neighbour (net/core/neighbour.c). */
  private static final Set<String> NEIGHBOUR_PLACES =
      Set.of("neigh_invalidate", "arp_error_report", "ndisc_error_report", "__neigh_event_send");

  public ConversationKey key() {
    return conversation.key();
  }

  /** Whether it is an ARP request and what belongs to it. */
  public boolean isNeighbour() {
    return key() instanceof ConversationKey.Neighbour;
  }

  /** The source address of one of its packets: an ARP packet's sender. */
  public InetAddress sourceOf(Journey journey) {
    return conversation.replies().contains(journey) ? key().target() : key().requester();
  }

  /** Whether it is of a kind in which somebody is to answer. */
  public boolean expectsAnswer() {
    return !(key() instanceof ConversationKey.Alone) && !conversation.requests().isEmpty();
  }

  /** Whether a reply reached the namespace that asked. */
  public boolean answered() {
    return conversation.replies().stream().anyMatch(this::reachedRequester);
  }

  /** A reset that is the only reply refused the connection: it is no answer. */
  private boolean reachedRequester(Journey reply) {
    if (Header.is(reply, Header.Kind.RESET)) {
      return false;
    }
    if (reply.end() == Journey.End.DROPPED && !isHarmless(reply)) {
      return false;
    }
    return reply.received().filter(hop -> isRequesters(hop.netns())).isPresent();
  }

  private boolean isRequesters(int netns) {
    // Clones that a bridge floods begin journeys of their own, in the bridge's namespace.
    return conversation.requests().stream()
        .min(Comparator.comparingLong(request -> request.first().ktimeNs()))
        .map(asked -> asked.first().netns() == netns)
        .orElse(true);
  }

  /** The first requests and replies, in the order in which they ended. */
  public Stream<Journey> packets() {
    return Stream.concat(conversation.requests().stream(), conversation.replies().stream());
  }

  /** Requests and replies that the kernel dropped and that were not just freed after delivery. */
  public List<Journey> drops() {
    return packets()
        .filter(journey -> journey.end() == Journey.End.DROPPED && !isHarmless(journey))
        .toList();
  }

  private boolean isHarmless(Journey journey) {
    return snapshot.noise().isHarmless(journey) || isLateReply(journey);
  }

  /** A reply that came when its reader had gone: it arrived. */
  private boolean isLateReply(Journey journey) {
    return key() instanceof ConversationKey.Flow
        && snapshot.reason(journey.last()).equals("NO_SOCKET")
        && conversation.replies().contains(journey);
  }

  /** The first packet that died in a neighbour's queue because nobody answered for its address. */
  public Optional<Journey> neighbourFailure() {
    return drops().stream().filter(journey -> isNeighbourFailure(journey.last())).findFirst();
  }

  /** Whether it failed because a neighbour stayed silent, which is another conversation's fault. */
  public boolean waitedForNeighbour() {
    return !isNeighbour() && !answered() && neighbourFailure().isPresent();
  }

  private boolean isNeighbourFailure(Event drop) {
    return NEIGHBOUR_REASONS.contains(snapshot.reason(drop))
        || (!drop.has(Event.FLAG_REASON) && NEIGHBOUR_PLACES.contains(snapshot.place(drop)));
  }

  /** The first request that was received in a namespace that has {@code address}. */
  public Optional<Journey> requestReceivedByOwner(InetAddress address) {
    return conversation.requests().stream()
        .filter(request -> request.received().filter(hop -> isOwned(hop, address)).isPresent())
        .findFirst();
  }

  private boolean isOwned(Event hop, InetAddress address) {
    return snapshot.netns(hop.netns()).flatMap(facts -> facts.owner(address)).isPresent();
  }

  /**
   * What makes a command act in this namespace; empty where it could not be read: a command without
   * it would change another namespace.
   */
  public Optional<String> commandPrefix(int netns) {
    return snapshot.netns(netns).map(NetnsFacts::commandPrefix);
  }

  /** The sockets of a namespace; none where it could not be read. */
  SocketFacts sockets(int netns) {
    return snapshot.netns(netns).map(facts -> facts.details().sockets()).orElse(SocketFacts.NONE);
  }

  /** A setting of a namespace by its key; empty where it is not known. */
  OptionalInt sysctl(int netns, String key) {
    return snapshot
        .netns(netns)
        .map(facts -> facts.details().sysctls().value(key))
        .orElse(OptionalInt.empty());
  }

  /** Why this probe point sees nothing on this kernel; empty where it does. */
  public Optional<String> blind(Hook hook) {
    return Optional.ofNullable(snapshot.blind().get(hook));
  }
}
