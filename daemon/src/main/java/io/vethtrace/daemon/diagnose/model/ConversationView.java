package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A conversation as the rules read it.
 *
 * @param conversation what was seen
 * @param snapshot what the kernel had set
 */
public record ConversationView(Conversation conversation, Snapshot snapshot) {
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
    if (IpHeader.is(reply, IpHeader.Kind.RESET)) {
      return false;
    }
    if (reply.isDropped() && !isHarmless(reply)) {
      return false;
    }
    return reply.received().filter(hop -> isRequesters(hop.netns())).isPresent();
  }

  private boolean isRequesters(int netns) {
    // A clone may be seen before the packet, and where its past is not known, in a bridge's
    // namespace: the first sight of all is the requester's.
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
    return packets().filter(journey -> journey.isDropped() && !isHarmless(journey)).toList();
  }

  /** Which part of the kernel dropped it. */
  public DropSubsystem dropKind(Event drop) {
    return DropSubsystem.of(snapshot.names(), drop);
  }

  private boolean isHarmless(Journey journey) {
    return HarmlessDrops.isHarmless(journey, conversation, snapshot);
  }

  /** The first packet that died in a neighbour's queue because nobody answered for its address. */
  public Optional<Journey> neighbourFailure() {
    return drops().stream().filter(journey -> isNeighbourFailure(journey.last())).findFirst();
  }

  /**
   * That, or where the kernel's names are hidden, the first packet that was freed before its device
   * took it, as one that waits for a neighbour is.
   */
  public Optional<Journey> waitingPacket() {
    return neighbourFailure().or(() -> drops().stream().filter(this::mayHaveWaited).findFirst());
  }

  /**
   * Whether it failed, or may have failed, because a neighbour stayed silent, which is another
   * conversation's fault.
   */
  public boolean waitedForNeighbour() {
    return !isNeighbour() && !answered() && waitingPacket().isPresent();
  }

  /** Returns true if the kernel says no more of this drop than its location. */
  public boolean isReasonless(Event drop) {
    return snapshot.names().isReasonless(drop);
  }

  /** Returns true if the packet was dropped because its neighbour did not answer. */
  public boolean isNeighbourFailure(Event drop) {
    return NeighbourDrops.isNeighbourDrop(snapshot.names(), drop);
  }

  private boolean mayHaveWaited(Journey journey) {
    Event drop = journey.last();
    return snapshot.names().isNameless(drop)
        && journey.hops().size() == 1
        && drop.ifindex() != 0
        && !drop.deviceIsLoopback();
  }

  /**
   * The first request that was received in a namespace that has {@code address}; of the clones of a
   * broadcast rather the one that came to the device that has it.
   */
  public Optional<Journey> requestReceivedByOwner(InetAddress address) {
    return conversation.requests().stream()
        .filter(request -> request.taken().filter(hop -> isOwned(hop, address)).isPresent())
        .min(Comparator.comparing(request -> !isOnOwner(request.taken().orElseThrow(), address)));
  }

  private boolean isOnOwner(Event hop, InetAddress address) {
    return snapshot
        .netns(hop.netns())
        .flatMap(facts -> facts.device(hop.ifindex()))
        .filter(device -> device.addresses().contains(address))
        .isPresent();
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
  public SocketFacts sockets(int netns) {
    return snapshot.netns(netns).map(facts -> facts.details().sockets()).orElse(SocketFacts.NONE);
  }

  /** A setting of a namespace by its key; empty where it is not known. */
  public OptionalInt sysctl(int netns, String key) {
    return snapshot
        .netns(netns)
        .map(facts -> facts.details().sysctls().value(key))
        .orElse(OptionalInt.empty());
  }

  /** Whether this probe point sees nothing on this kernel. */
  public boolean isBlind(Hook hook) {
    return snapshot.blind().contains(hook);
  }
}
