package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.neighbour.PendingOnNeighbour;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.stream.Stream;

/**
 * A conversation with a fault of its own.
 *
 * @param view the conversation
 * @param finding what is wrong with it
 */
record RootCause(ConversationView view, Finding finding) {

  /**
   * Returns the root cause, or none if no rule finds one. ICMP errors about the packets are
   * consequences.
   */
  static Stream<RootCause> of(ConversationView view) {
    return RuleOrder.firstFinding(view)
        .map(finding -> new RootCause(view, finding.withConsequences(errors(view))))
        .stream();
  }

  /**
   * Returns the time from the first request to the packet's drop; a very long one if the request
   * came later.
   */
  long distanceNs(ConversationView waiting) {
    long laterNs = waiting.waitingPacket().orElseThrow().last().ktimeNs() - asked().ktimeNs();
    return laterNs < 0 ? Long.MAX_VALUE / 2 - laterNs : laterNs;
  }

  /**
   * Returns true if the packet waited in the namespace where the ARP request was sent, at the
   * device that sent it.
   */
  boolean mayHaveStopped(ConversationView waiting) {
    return view.isNeighbour()
        && waiting
            .waitingPacket()
            .map(Journey::last)
            .filter(drop -> drop.netns() == asked().netns())
            .filter(drop -> asked(drop) || waiting.key().target().equals(view.key().target()))
            .isPresent();
  }

  /** Returns the first hop of the first request. The proof of the finding may be a reply. */
  private Event asked() {
    return view.conversation().requests().stream().findFirst().orElse(finding.proof()).first();
  }

  /**
   * Returns true if the device of this drop sent the request: the request left by it, or by a
   * device below it, so that it has the requester's address.
   */
  private boolean asked(Event drop) {
    return drop.ifindex() == asked().ifindex()
        || view.snapshot()
            .netns(drop.netns())
            .flatMap(facts -> facts.device(drop.ifindex()))
            .filter(device -> device.addresses().contains(view.key().requester()))
            .isPresent();
  }

  /**
   * Returns true if the other conversation is unanswered because its packet waits for this
   * neighbour.
   */
  boolean holdsBack(RootCause other) {
    return other.finding.cause() == Cause.UNKNOWN
        && PendingOnNeighbour.mayWaitFor(view.conversation(), other.view.conversation());
  }

  /** Returns the finding with the packets that were dropped, or wait, because of it. */
  Finding withConsequences(List<ConversationView> victims, List<RootCause> roots) {
    Stream<String> dead =
        victims.stream()
            .flatMap(victim -> Stream.concat(droppedPacket(victim), errors(victim).stream()));
    Stream<String> held =
        roots.stream()
            .filter(this::holdsBack)
            .flatMap(other -> Stream.concat(waitingPacket(other), errors(other.view).stream()));
    return finding.withConsequences(Stream.concat(dead, held).toList());
  }

  private Stream<String> waitingPacket(RootCause other) {
    return PendingOnNeighbour.packet(view.conversation(), other.view.conversation()).stream()
        .map(packet ->
            "%s waits for the answer, last seen at %s on %s"
                .formatted(
                    packet.summary(), packet.last().hook().kernelName(), packet.last().ifname()));
  }

  private Stream<String> droppedPacket(ConversationView waiting) {
    return waiting.waitingPacket().stream()
        .map(journey ->
            "the queued packet %s, %d ms after the first ARP request"
                .formatted(
                    EvidenceText.freed(waiting, journey),
                    (journey.last().ktimeNs() - asked().ktimeNs()) / 1_000_000));
  }

  private static List<String> errors(ConversationView view) {
    return view.conversation().errors().stream()
        .map(error ->
            "%s was sent back%s"
                .formatted(
                    error.summary(),
                    error.first().ifname().isEmpty() ? "" : " through " + error.first().ifname()))
        .distinct()
        .toList();
  }
}
