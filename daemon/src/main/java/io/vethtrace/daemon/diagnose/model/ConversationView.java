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

  /**
   * Returns true for an ARP request or neighbour solicitation and the packets that belong to it.
   */
  public boolean isNeighbour() {
    return key() instanceof ConversationKey.Neighbour;
  }

  /** Returns the source address of one of its packets: the sender of an ARP packet. */
  public InetAddress sourceOf(Journey journey) {
    return conversation.replies().contains(journey) ? key().target() : key().requester();
  }

  /** Returns true if the requests are of a kind that must be answered. */
  public boolean expectsAnswer() {
    return !(key() instanceof ConversationKey.Alone) && !conversation.requests().isEmpty();
  }

  /** Returns true if a reply reached the namespace that sent the request. */
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

  /** Returns the requests and replies that the kernel dropped, without harmless drops. */
  public List<Journey> drops() {
    return packets().filter(journey -> journey.isDropped() && !isHarmless(journey)).toList();
  }

  /** Returns the part of the kernel that dropped the packet. */
  public DropSubsystem dropSubsystem(Event drop) {
    return DropSubsystem.of(snapshot.names(), drop);
  }

  private boolean isHarmless(Journey journey) {
    return HarmlessDrops.isHarmless(journey, conversation, snapshot);
  }

  /**
   * Returns the first packet that died in a neighbour's queue because nobody answered for its
   * address.
   */
  public Optional<Journey> neighbourDrop() {
    return drops().stream().filter(journey -> isNeighbourDrop(journey.last())).findFirst();
  }

  /**
   * Returns the neighbour drop or, if the kernel's names are hidden, the first packet that was
   * freed before its device took it, as a packet that waits for a neighbour is.
   */
  public Optional<Journey> waitingPacket() {
    return neighbourDrop().or(() -> drops().stream().filter(this::mayHaveWaited).findFirst());
  }

  /**
   * Returns true if it failed, or may have failed, because a neighbour did not answer: the fault is
   * then that of another conversation.
   */
  public boolean waitedForNeighbour() {
    return !isNeighbour() && !answered() && waitingPacket().isPresent();
  }

  /** Returns true if the kernel says no more of this drop than its location. */
  public boolean isReasonless(Event drop) {
    return snapshot.names().isReasonless(drop);
  }

  /** Returns true if the packet was dropped because its neighbour did not answer. */
  public boolean isNeighbourDrop(Event drop) {
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
   * Returns the words before a command that make it act in this namespace; empty if the namespace
   * could not be read: without them the command would change another namespace.
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

  /** Returns true if no mechanism attaches to this hook on this kernel. */
  public boolean isBlind(Hook hook) {
    return snapshot.blind().contains(hook);
  }
}
